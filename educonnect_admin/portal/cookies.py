"""The two cookies: the visit, for as long as the browser is open, and the known browser."""

from starlette.responses import Response

from educonnect_admin.domain.delays import BROWSER_KNOWN
from educonnect_admin.portal.answers import LEAVE, Answer

VISIT = "__Host-visite"
DEVICE = "__Host-appareil"


def set_cookies(response: Response, answer: Answer) -> None:
    """Give the browser what the answer says, or take it back."""
    if answer.token == LEAVE:
        response.delete_cookie(VISIT, path="/", secure=True, httponly=True, samesite="lax")
    elif answer.token is not None:
        # Lax: whoever follows the link of a mail, or comes back from the provider, is known.
        response.set_cookie(
            VISIT, answer.token, path="/", secure=True, httponly=True, samesite="lax"
        )
    if answer.device is not None:
        response.set_cookie(
            DEVICE,
            answer.device,
            max_age=int(BROWSER_KNOWN.total_seconds()),
            path="/",
            secure=True,
            httponly=True,
            samesite="strict",
        )
