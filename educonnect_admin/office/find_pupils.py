"""Finding a pupil, by its own names, its INE, or whoever answers for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from educonnect_admin.office.searching.asked import Asked, What, read
from educonnect_admin.office.searching.by_names import find_by_names
from educonnect_admin.queries.find_by_contact import (
    Reached,
    accounts_of_identifiers,
    pupils_of_guardians,
    pupils_of_ine,
    reached_by_email,
    reached_by_mobile,
)
from educonnect_admin.queries.find_people import PUPILS
from educonnect_admin.queries.pupil_cards import PupilCard, pupil_cards

LIMIT = 20
_FULL = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPupil:
    """One result, with its score from 0 to 100 and the codes of what fits."""

    pupil: PupilCard
    score: float
    matched_by: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPupils:
    """The best results, and how many more there are; see `FoundAccounts`."""

    pupils: Sequence[FoundPupil]
    more: int
    about: bool
    what: What
    words: int


Scored = dict[int, tuple[float, tuple[str, ...]]]


def find_pupils(session: Session, text: str, *, limit: int = LIMIT) -> FoundPupils:
    """Return the pupils that a text leads to.

    Args:
        session: An open session, that reads.
        text: Names of the pupil or of its guardians, in any order; an INE; or the
            identifier, e-mail address or mobile of a guardian.
        limit: No more results than this.
    """
    asked = read(text)
    scored, total, whole = _matches(session, asked, limit)
    shown = dict(list(scored.items())[:limit])
    cards = pupil_cards(session, shown)
    return FoundPupils(
        pupils=[
            FoundPupil(pupil=cards[pupil_id], score=score, matched_by=codes)
            for pupil_id, (score, codes) in shown.items()
        ],
        more=max(total - len(shown), 0),
        about=not whole,
        what=asked.what,
        words=len(asked.words),
    )


def _matches(session: Session, asked: Asked, limit: int) -> tuple[Scored, int, bool]:
    known = _known(session, asked)
    if known or asked.what in {What.EMAIL, What.MOBILE, What.INE}:
        return known, len(known), True
    hits = find_by_names(session, PUPILS, asked.words, limit)
    scored = {hit.person.id: (round(hit.fit.score, 1), hit.fit.matched_by) for hit in hits.hits}
    return scored, max(hits.total, len(scored)), hits.whole


def _known(session: Session, asked: Asked) -> Scored:
    """Return the pupils whom something that is no name leads to, at once."""
    match asked.what:
        case What.INE:
            found = pupils_of_ine(session, asked.value)
        case What.MOBILE:
            found = pupils_of_guardians(session, reached_by_mobile(session, asked.value))
        case What.EMAIL:
            found = pupils_of_guardians(session, reached_by_email(session, asked.value))
        case What.IDENTIFIER:
            accounts = accounts_of_identifiers(session, {asked.value})
            found = pupils_of_guardians(session, Reached(list(accounts), [])) if accounts else []
        case What.NAMES:
            found = []
    return dict.fromkeys(found, (_FULL, (asked.what.value,)))
