"""Where a worker works: the office, opened once a process and kept open from task to task."""

import ctypes
import os
import signal
from collections.abc import Callable
from functools import lru_cache
from multiprocessing import parent_process
from socket import gethostname
from threading import Thread
from typing import TypeVar

from educonnect_admin import __version__
from educonnect_admin.campaigns.orders import Bearings
from educonnect_admin.cycles import look_less_often
from educonnect_admin.domain.campaign_errors import WrongOffice, WrongVersion
from educonnect_admin.domain.operator_errors import UnknownOperator
from educonnect_admin.edge import Services
from educonnect_admin.opening import open_services
from educonnect_admin.process_secrets import forbid_core_dumps, hide_memory
from educonnect_admin.settings import Settings
from educonnect_admin.stops import STOPS

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Recalled(Exception):
    """A task that was handed out and not begun before everybody was asked to stop."""


class _Own:
    """What a worker of this machine was started with; a cluster's has settings of its own."""

    settings: Settings | None = None
    recalled: ctypes.c_bool | None = None


def prepare_worker(settings: Settings, recalled: ctypes.c_bool) -> None:
    """Make this process a worker of a campaign of this machine.

    Args:
        settings: Of whoever leads.
        recalled: Shared with whoever leads, who sets it when nothing more is to be begun. No
            lock is held over it: a worker may be killed at any moment.
    """
    hide_memory()
    _Own.settings, _Own.recalled = settings, recalled
    # Ctrl-C and its end reach every process of the terminal, and a service that is stopped
    # tells all of its processes: whoever leads decides what it means.
    for stop in STOPS:
        signal.signal(stop, signal.SIG_IGN)
    Thread(target=_leave_with_parent, daemon=True).start()


def unless_recalled(task: Callable[[Asked], Answer], asked: Asked) -> Answer:
    """Do a task, unless everybody was asked to stop while it waited here.

    Raises:
        Recalled: nothing of it was done.
    """
    if _Own.recalled is not None and _Own.recalled.value:
        raise Recalled
    return task(asked)


def _leave_with_parent() -> None:
    """End with the process that leads: nobody would read what an orphan has to say.

    Left to itself, a worker of a pool whose parent was killed waits for ever. What it was
    printing is settled by the next run of the school, as after any kill (R-14).
    """
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def workplace(bearings: Bearings) -> Services:
    """Return the office that a task is for, open.

    Raises:
        WrongOffice: the settings of this worker are those of another office.
        WrongVersion: this worker is another version of the program.
        NoDatabase, DatabaseUnavailable, MissingKeyFile, WrongKey: see `open_services`.
        BadSetting: the environment of this worker can't be used.
        UnknownOperator: whoever leads is an operator no more.
    """
    if bearings.version != __version__:
        raise WrongVersion(gethostname(), __version__, bearings.version)
    services = _opened(bearings)
    if services.keyring.fingerprint() != bearings.fingerprint:
        raise WrongOffice(gethostname())
    return services


@lru_cache(maxsize=1)
def _opened(bearings: Bearings) -> Services:
    """One hash at a time: there are as many workers as cores are to be used."""
    own = _Own.settings or Settings()
    forbid_core_dumps()
    look_less_often()
    settings = own.model_copy(
        update={
            "operator": bearings.operator,
            "portal_url": bearings.portal_url,
            "templates_dir": bearings.templates_dir,
            "hashing": bearings.hashing,
            "workers": 1,
        }
    )
    services = open_services(settings, led=not bearings.confined)
    if bearings.confined and services.acting is None:
        # Removed since, and the last of them: else whoever gets in would be the owner.
        services.close()
        raise UnknownOperator(bearings.operator)
    return services
