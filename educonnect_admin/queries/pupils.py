"""Pupils by their INE or their number."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.desk_errors import AmbiguousPupil, UnknownPupil
from educonnect_admin.domain.people import Pupil

_SPACES = re.compile(r"\s+")
_INE = re.compile(r"[0-9A-Z]{11}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


def pupil_by_ine_or_id(session: Session, text: str, *, lock: bool = False) -> Pupil:
    """Return the pupil of an INE, or of a number that a search has shown.

    Args:
        session: An open session.
        text: Eleven signs are an INE, whose case and spaces don't count; up to nine digits
            are a number.
        lock: Hold the row until the transaction ends.

    Raises:
        UnknownPupil: nobody bears it.
        AmbiguousPupil: several pupils share this INE; their numbers tell them apart.
    """
    asked = _SPACES.sub("", text).upper()
    query = select(Pupil).order_by(Pupil.id)
    if _INE.fullmatch(asked):
        query = query.where(Pupil.ine == asked)
    elif _NUMBER.fullmatch(asked):
        query = query.where(Pupil.id == int(asked))
    else:
        raise UnknownPupil(text.strip())
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(query).all()
    if not found:
        raise UnknownPupil(text.strip())
    if len(found) > 1:
        raise AmbiguousPupil(asked, tuple(pupil.id for pupil in found))
    return found[0]
