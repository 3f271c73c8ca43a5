"""What the portal writes on standard error: no address of anybody, no token, no name (R-66)."""

import logging
import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from educonnect_admin.portal.seam import where_it_broke

LOG = logging.getLogger("educonnect_admin.portal.requests")
_METHODS = {"GET", "HEAD", "POST"}


class Journal:
    """Writes a line for each request: method, pattern of the address, status, milliseconds.

    Never the address itself: some bear a token, and whoever reads the log could follow it.
    """

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, and tell of it once its answer has left."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        begun = time.perf_counter()
        told = False

        async def listen(message: Message) -> None:
            nonlocal told
            await send(message)
            if message["type"] == "http.response.start":
                told = True
                _tell(scope, message["status"], 1e3 * (time.perf_counter() - begun))

        try:
            await self._inner(scope, receive, listen)
        finally:
            if not told:
                _tell(scope, 0, 1e3 * (time.perf_counter() - begun))


def _tell(scope: Scope, status: int, took: float) -> None:
    pattern = getattr(scope.get("route"), "path", "-")
    method = scope["method"] if scope["method"] in _METHODS else "-"
    LOG.info("%s %s %d %.0f ms", method, pattern, status, took)


class DiscreetFormatter(logging.Formatter):
    """One line an event; of an error its type and place only: its text could quote a person."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        """Return where it broke instead of the whole story."""
        return where_it_broke(ei[1]) if ei[1] is not None else ""


class Noteworthy(logging.Filter):
    """Lets the server's own words pass where they tell of a trouble."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether an operator should read it."""
        return record.levelno >= logging.WARNING or "died" in str(record.msg)


def log_settings() -> dict[str, Any]:
    """Return how every process of the portal writes its log."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": DiscreetFormatter, "format": "%(asctime)s %(levelname)s %(message)s"}
        },
        "filters": {"noteworthy": {"()": Noteworthy}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "stream": "ext://sys.stderr",
            },
        },
        "loggers": {
            "educonnect_admin": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
            "uvicorn.error": {
                "handlers": ["stderr"],
                "level": "INFO",
                "filters": ["noteworthy"],
                "propagate": False,
            },
        },
    }
