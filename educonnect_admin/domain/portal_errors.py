"""The refusals of whoever opens the portal."""

from educonnect_admin.domain.errors import EduConnectError


class CannotListen(EduConnectError):
    """The portal can't be reached at this address; `why` is the system's number, if it gave one."""

    def __init__(self, host: str, port: int, why: int | None) -> None:
        super().__init__(host, port, why)
        self.host = host
        self.port = port
        self.why = why


class PortalFailed(EduConnectError):
    """A process of the portal could not begin to work; its log says why."""


class DevelopmentRefused(EduConnectError):
    """The pages of development are asked for where somebody else could open them.

    `why` is what forbids it: `host`, `proxy`, `mail` or `sms`.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
