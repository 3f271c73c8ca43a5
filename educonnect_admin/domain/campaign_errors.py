"""What stops a campaign, or one school of it, and nothing else."""

from pathlib import Path

from educonnect_admin.domain.errors import EduConnectError


class NoSchools(EduConnectError):
    """There is no school of this academy, or no number of a school in this list or folder."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


class NoRosters(EduConnectError):
    """What was to be imported is no folder, or nothing in it bears the number of a school."""

    def __init__(self, where: Path) -> None:
        super().__init__(str(where))
        self.where = where


class CampaignRunning(EduConnectError):
    """Another campaign works in the same folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.folder = folder


class NoSuchConsent(EduConnectError):
    """What stands after `--accept-departures` or `--accept-moves` names no school."""

    def __init__(self, option: str, typed: str) -> None:
        super().__init__(option, typed)
        self.option = option
        self.typed = typed


class WorkerLost(EduConnectError):
    """The process that worked at a school ended without a word, time and again."""

    def __init__(self, uai: str, times: int) -> None:
        super().__init__(uai, times)
        self.uai = uai
        self.times = times


class WorkersLost(EduConnectError):
    """Every process that was started ended without a word, whatever the school."""

    def __init__(self, times: int) -> None:
        super().__init__(times)
        self.times = times


class TaskFailed(EduConnectError):
    """A bug of ours met in one school: the kind of the error and where, nothing of its text."""

    def __init__(self, kind: str, where: str) -> None:
        super().__init__(kind, where)
        self.kind = kind
        self.where = where


class WrongOffice(EduConnectError):
    """A worker of the cluster works at another office than the one that asked."""

    def __init__(self, host: str) -> None:
        super().__init__(host)
        self.host = host


class WrongVersion(EduConnectError):
    """A worker of the cluster is another version of the program than the one that asked."""

    def __init__(self, host: str, found: str, expected: str) -> None:
        super().__init__(host, found, expected)
        self.host = host
        self.found = found
        self.expected = expected


class ClusterUnavailable(EduConnectError):
    """The Dask scheduler does not answer, has no worker, or none that can work for us.

    `address` is as it was typed; `why` is `no_answer`, `no_worker`, `no_program` or `lost`.
    """

    def __init__(self, address: str, why: str) -> None:
        super().__init__(address, why)
        self.address = address
        self.why = why


class DaskMissing(EduConnectError):
    """`--dask` was asked for and the package `distributed` is not installed."""
