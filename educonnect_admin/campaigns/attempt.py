"""One try of one school: whatever happens, an outcome comes back."""

import os
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath
from socket import gethostname

from educonnect_admin.campaigns.orders import SchoolOrder
from educonnect_admin.campaigns.outcomes import Outcome
from educonnect_admin.domain.campaign_errors import TaskFailed
from educonnect_admin.domain.errors import EduConnectError


def attempted(order: SchoolOrder, work: Callable[[], Outcome]) -> Outcome:
    """Do the work of a task; an error becomes its outcome, and stops no other school.

    A bug of ours too: its kind and place are told, never its text, which could quote somebody
    (R-66).
    """
    began = time.perf_counter()
    try:
        outcome = work()
    except EduConnectError as error:
        outcome = Outcome(uai=order.uai, error=error)
    except Exception as bug:
        outcome = Outcome(uai=order.uai, error=TaskFailed(type(bug).__name__, _place(bug)))
    who = f"{gethostname()}:{os.getpid()}"
    return replace(outcome, seconds=time.perf_counter() - began, worker=who)


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
