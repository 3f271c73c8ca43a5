"""The provider: FranceConnect v2 as its clients see it, for made-up people."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from dev.franceconnect.misdeeds import HONEST, Misdeeds, changed
from dev.franceconnect.people import Person
from dev.franceconnect.signing import Keys, challenge_of
from educonnect_admin.edge import clock
from educonnect_admin.gateways.chance import SystemChance

BASE = "/api/v2"
CODE_LIFE = timedelta(seconds=30)
TOKEN_LIFE = timedelta(seconds=60)
_SHORTEST = 32
_CLAIMS = {
    "given_name": ("given_name", "given_name_array"),
    "family_name": ("family_name",),
    "preferred_username": ("preferred_username",),
    "birthdate": ("birthdate",),
    "identite_pivot": (
        "given_name", "given_name_array", "family_name", "birthdate", "gender", "birthplace",
        "birthcountry",
    ),
}  # fmt: skip
_COMPULSORY = (
    "acr_values", "client_id", "nonce", "redirect_uri", "response_type", "scope", "state",
)  # fmt: skip


@dataclass
class Granted:
    """A code, or an access token: what was asked, who answered, until when."""

    asked: Mapping[str, str]
    person: Person
    until: datetime


@dataclass
class Provider:
    """One provider with one client.

    Attributes:
        origin: where it is open, `http://127.0.0.1:…`.
        back: the addresses that it may send people back to.
        misdeeds: what it does wrong for now.
        fetched: how often each of its addresses was asked for.
        ended: the `state` of each visit that was ended here.
    """

    origin: str
    client_id: str
    client_secret: str
    back: Sequence[str]
    people: Sequence[Person]
    misdeeds: Misdeeds = HONEST
    tell_time: Callable[[], datetime] = clock
    keys: Keys = field(default_factory=Keys)
    fetched: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    codes: dict[str, Granted] = field(default_factory=dict)
    tokens: dict[str, Granted] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        """Who it is."""
        return self.origin + BASE

    def application(self) -> Starlette:
        """Return what is to be served."""
        pages = {
            "/.well-known/openid-configuration": self.discovery,
            "/jwks": self.jwks,
            "/authorize": self.authorize,
            "/choisir": self.choose,
            "/token": self.token,
            "/userinfo": self.userinfo,
            "/session/end": self.end_session,
        }
        posts = {"/choisir", "/token"}
        return Starlette(
            routes=[
                Route(
                    BASE + path,
                    self._counted(path, page),
                    methods=["POST" if path in posts else "GET"],
                )
                for path, page in pages.items()
            ]
        )

    def _counted(self, path: str, page: Any) -> Any:
        async def serve(request: Request) -> Response:
            self.fetched.append(path)
            if self.misdeeds.down:
                return Response("", 503)
            answer: Response = await page(request)
            return answer

        return serve

    async def discovery(self, _request: Request) -> Response:
        """Publish where is what."""
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/session/end",
            "jwks_uri": f"{self.issuer}/jwks",
            "authorization_response_iss_parameter_supported": True,
            "code_challenge_methods_supported": ["S256"],
            "response_types_supported": ["code"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "id_token_signing_alg_values_supported": ["ES256", "RS256"],
            "userinfo_signing_alg_values_supported": ["ES256", "RS256"],
            "acr_values_supported": ["eidas1"],
        }
        return JSONResponse(changed(told, self.misdeeds.published))

    async def jwks(self, _request: Request) -> Response:
        """Publish the keys."""
        return JSONResponse(self.keys.published())

    async def authorize(self, request: Request) -> Response:
        """Show who may sign in."""
        asked = dict(request.query_params)
        if asked.get("client_id") != self.client_id:
            return _refused("Y04EA6EF", "client inconnu")
        if asked.get("redirect_uri") not in self.back:
            return _refused("Y04C013C", "adresse de retour non déclarée")
        fault = _fault_of(asked)
        if fault is not None:
            return self._back(asked, {"error": fault[0], "error_description": fault[1]})
        return HTMLResponse(_page(self.people, urlencode(asked)))

    async def choose(self, request: Request) -> Response:
        """Send whoever was chosen back with a code, or with none."""
        form = await _form(request)
        asked = dict(parse_qsl(form.get("asked", "")))
        if asked.get("redirect_uri") not in self.back:
            return _refused("Y04C013C", "adresse de retour non déclarée")
        if not form.get("sub"):
            told = {"error": "access_denied", "error_description": "user authentication aborted"}
            return self._back(asked, told)
        chosen = next(person for person in self.people if person.sub == form["sub"])
        code = SystemChance().token()
        self.codes[code] = Granted(asked, chosen, self.tell_time() + CODE_LIFE)
        return self._back(asked, {"code": code})

    def _back(self, asked: Mapping[str, str], answer: Mapping[str, str]) -> Response:
        right = {**answer, "state": asked.get("state", ""), "iss": self.issuer}
        told = urlencode(changed(right, self.misdeeds.callback))
        return RedirectResponse(f"{asked['redirect_uri']}?{told}", 303)

    async def token(self, request: Request) -> Response:
        """Give the tokens that a code is worth, once."""
        form = await _form(request)
        known = (form.get("client_id"), form.get("client_secret"))
        if known != (self.client_id, self.client_secret):
            return JSONResponse({"error": "invalid_client"}, 401)
        granted = self.codes.pop(form.get("code", ""), None)
        if granted is None or not self._may_have(granted, form):
            return JSONResponse({"error": "invalid_grant"}, 400)
        access = SystemChance().token()
        now = self.tell_time()
        self.tokens[access] = Granted(granted.asked, granted.person, now + TOKEN_LIFE)
        claims = {
            "iss": self.issuer,
            "aud": self.client_id,
            "sub": granted.person.sub,
            "iat": int(now.timestamp()),
            "exp": int((now + TOKEN_LIFE).timestamp()),
            "nonce": granted.asked["nonce"],
            "acr": "eidas1",
        }
        id_token = self.keys.sign(changed(claims, self.misdeeds.id_token), self.misdeeds.signing)
        told = {"access_token": access, "token_type": "Bearer", "expires_in": 60}
        return JSONResponse({**told, "id_token": id_token})

    def _may_have(self, granted: Granted, form: Mapping[str, str]) -> bool:
        return (
            self.tell_time() < granted.until
            and form.get("grant_type") == "authorization_code"
            and form.get("redirect_uri") == granted.asked["redirect_uri"]
            and challenge_of(form.get("code_verifier", "")) == granted.asked["code_challenge"]
        )

    async def userinfo(self, request: Request) -> Response:
        """Say who somebody is, signed."""
        access = request.headers.get("authorization", "").removeprefix("Bearer ")
        granted = self.tokens.get(access)
        if granted is None or self.tell_time() >= granted.until:
            return JSONResponse({"error": "invalid_token"}, 401)
        claims: dict[str, object] = {"iss": self.issuer, "aud": self.client_id}
        claims["sub"] = granted.person.sub
        claims.update(self._known(granted))
        told = changed(claims, self.misdeeds.userinfo)
        if self.misdeeds.unsigned_userinfo:
            return JSONResponse(told)
        how = self.misdeeds.signing_of_userinfo or self.misdeeds.signing
        signed = self.keys.sign(told, how)
        return Response(signed, media_type="application/jwt")

    def _known(self, granted: Granted) -> dict[str, object]:
        known = granted.person.claims
        if self.misdeeds.sends_everything:
            return dict(known)
        scopes = granted.asked["scope"].split()
        wanted = {name for scope in scopes for name in _CLAIMS.get(scope, ())}
        return {name: value for name, value in known.items() if name in wanted}

    async def end_session(self, request: Request) -> Response:
        """End the visit here and send the person back."""
        told = request.query_params
        to = told.get("post_logout_redirect_uri", "")
        if to not in self.back or not self.keys.is_ours(told.get("id_token_hint", "")):
            return _refused("Y030000", "déconnexion refusée")
        self.ended.append(told.get("state", ""))
        return RedirectResponse(f"{to}?{urlencode({'state': told.get('state', '')})}", 303)


def _fault_of(asked: Mapping[str, str]) -> tuple[str, str] | None:
    if any(not asked.get(name) for name in _COMPULSORY):
        return "invalid_request", "Y030007"
    if min(len(asked["state"]), len(asked["nonce"])) < _SHORTEST:
        return "invalid_request", "Y030007"
    if asked["acr_values"] != "eidas1":
        return "invalid_acr", "acr_value is not valid"
    if asked["response_type"] != "code" or asked.get("code_challenge_method") != "S256":
        return "invalid_request", "code and S256 only"
    return None if asked.get("code_challenge") else ("invalid_request", "no challenge")


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode()))


def _refused(code: str, why: str) -> Response:
    return HTMLResponse(_SHELL.format(f"<h1>Erreur {code}</h1><p>{escape(why)}</p>"), 400)


def _page(people: Sequence[Person], asked: str) -> str:
    hidden = f'<input type="hidden" name="asked" value="{escape(asked)}">'
    buttons = "".join(
        f'<li><button name="sub" value="{person.sub}">{escape(person.label)}</button> '
        f"<small>{escape(' '.join([person.mobile, person.what]).strip())}</small></li>"
        for person in people
    )
    return _SHELL.format(
        "<h1>Qui êtes-vous&nbsp;?</h1><p>Toutes ces personnes sont inventées. Le numéro de mobile, "
        f'quand il y en a un, est celui que connaît leur école.</p><form method="post" '
        f'action="{BASE}/choisir">{hidden}<ul>{buttons}</ul>'
        '<p><button name="sub" value="">Abandonner</button></p></form>'
    )


_SHELL = (
    '<!doctype html><html lang="fr"><meta charset="utf-8"><meta name="viewport" '
    'content="width=device-width, initial-scale=1"><title>FranceConnect de développement</title>'
    "<style>body{{font:1.125rem/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;"
    "padding:0 1rem}}ul{{list-style:none;padding:0}}li{{margin:.75rem 0}}button{{font:inherit;"
    "padding:.5rem 1rem;overflow-wrap:anywhere;max-width:100%}}small{{color:#555}}</style>"
    "<p><strong>FranceConnect de développement</strong> : ceci n'est pas FranceConnect.</p>"
    "{}</html>"
)
