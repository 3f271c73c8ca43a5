"""The stylesheet and the script: read once, kept by browsers until they change."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from educonnect_admin.portal.headers import policy, protect
from educonnect_admin.shipped import shipped_templates

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """The files by name."""

    contents: Mapping[str, bytes]

    @classmethod
    def shipped(cls) -> "StaticFiles":
        """Read those that lie beside the templates."""
        folder = shipped_templates("portal") / "statique"
        return cls({path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()})

    def address(self, name: str) -> str:
        """Return the address of a file; another one whenever its content is another."""
        version = sha256(self.contents[name]).hexdigest()[:12]
        return f"/statique/{name}?v={version}"

    async def serve(self, request: Request) -> Response:
        """Answer with a file."""
        name = str(request.path_params["name"])
        content = self.contents.get(name)
        if content is None:
            response: Response = PlainTextResponse("", status_code=404)
        else:
            suffix = name[name.rfind(".") :]
            response = Response(content, media_type=_TYPES.get(suffix, "application/octet-stream"))
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        protect(response, csp=policy(), https=False)
        return response
