"""The headers of every answer: nothing foreign runs, nothing is kept, nobody frames us."""

from collections.abc import Iterable

from starlette.responses import Response


def policy(form_targets: Iterable[str] = ()) -> str:
    """Return the content security policy.

    Args:
        form_targets: Where a form may lead besides ourselves: the identity provider.
    """
    targets = " ".join(["'self'", *form_targets])
    return "; ".join(
        [
            "default-src 'none'",
            "style-src 'self'",
            "script-src 'self'",
            "img-src 'self'",
            # «Rester connecté» asks for a page of ours.
            "connect-src 'self'",
            f"form-action {targets}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )


def protect(response: Response, *, csp: str, https: bool) -> None:
    """Put the headers that every answer bears."""
    headers = response.headers
    headers["Content-Security-Policy"] = csp
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    # Not `no-referrer`: browsers then hide the origin of our own forms too.
    headers["Referrer-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers.setdefault("Cache-Control", "no-store")
    if https:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
