"""What the error of one school means for the schools that come after it."""

import errno
from enum import Enum, auto

from educonnect_admin.domain.campaign_errors import WrongOffice, WrongVersion
from educonnect_admin.domain.database_trouble import DatabaseTrouble
from educonnect_admin.domain.errors import (
    AlreadyRunning,
    BadDatabaseAddress,
    BadSetting,
    BadTemplate,
    DamagedKeyFile,
    DatabaseUnavailable,
    EduConnectError,
    KeyFileNotSet,
    MissingKeyFile,
    NoDatabase,
    OutdatedDatabase,
    PlanOutdated,
    UnwritableFolder,
    WrongKey,
)
from educonnect_admin.domain.operator_errors import UnknownOperator

_COMES_BACK = {DatabaseTrouble.LOST, DatabaseTrouble.UNREACHABLE, DatabaseTrouble.UNKNOWN}
_FOR_ALL = (
    BadDatabaseAddress, BadSetting, BadTemplate, DamagedKeyFile, KeyFileNotSet, MissingKeyFile,
    NoDatabase, OutdatedDatabase, UnknownOperator, WrongKey, WrongOffice, WrongVersion,
)  # fmt: skip
_DISK_FOR_ALL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}


class Meaning(Enum):
    """What to do about it."""

    GO_ON = auto()
    """The others are not concerned."""
    LATER = auto()
    """Somebody else holds this school: try it again in a while."""
    PAUSE = auto()
    """What went away may come back: everything waits."""
    STOP = auto()
    """Every other school would meet it too."""


def meaning_of(error: EduConnectError | None) -> Meaning:
    """Return what the error of a school means; none means nothing."""
    match error:
        case AlreadyRunning() | PlanOutdated():
            return Meaning.LATER
        case DatabaseUnavailable() if error.trouble is DatabaseTrouble.BUSY:
            return Meaning.LATER
        case DatabaseUnavailable():
            return Meaning.PAUSE if error.trouble in _COMES_BACK else Meaning.STOP
        case UnwritableFolder() if error.errno in _DISK_FOR_ALL:
            return Meaning.STOP
        case _ if isinstance(error, _FOR_ALL):
            return Meaning.STOP
    return Meaning.GO_ON
