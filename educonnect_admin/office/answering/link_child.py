"""The child whom a guardian's row could mean is this pupil: the link begins at once (R-8)."""

from collections.abc import Iterator

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.desk_errors import NotAPupilHere
from educonnect_admin.domain.people import Guardian, Guardianship, Pupil, ReviewItem
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.office.answering.answering import Answering
from educonnect_admin.office.answering.answers import Effect
from educonnect_admin.office.importing.announce_children import Added, announce_children
from educonnect_admin.office.importing.reopen_returned import reopen_returned
from educonnect_admin.office.propose_merges import propose_merges
from educonnect_admin.queries.held_schools import schools_of_pupil
from educonnect_admin.queries.pupils import pupil_by_ine_or_id
from educonnect_admin.queries.schools import time_zone_of

Told = tuple[Effect, list[Happening]]


def link_child(by: Answering, item: ReviewItem, typed: str) -> Told:
    """Link the guardian of a question to a pupil, and tell the holder of an active account.

    An account that was closed for want of a child is open again (R-62).

    Args:
        by: Who answers.
        item: An ambiguous link, or a guardian without child.
        typed: The INE or the number of the pupil.

    Raises:
        UnknownPupil, AmbiguousPupil: nobody bears it, or several do.
        NotAPupilHere: the pupil is not enrolled in the school.
    """
    session = by.session
    pupil = pupil_by_ine_or_id(session, typed)
    if not schools_of_pupil(session, pupil.id).get(item.school_id):
        raise NotAPupilHere(item.id, pupil.id)
    guardian = session.get_one(Guardian, item.guardian_id)
    linked = _link(by, guardian, pupil)
    effect = Effect(pupil.id, _name(guardian), _name(pupil), linked)
    if not linked:
        return effect, []
    session.flush()  # the records are weighed and the mail is written by what stands there
    propose_merges(session, item.school_id, [guardian.id], by.author.now)
    return effect, list(_told(by, guardian, pupil))


def _link(by: Answering, guardian: Guardian, pupil: Pupil) -> bool:
    """Begin the link, or let it begin again; tell whether there was anything to do."""
    session = by.session
    link = session.get(Guardianship, (guardian.id, pupil.id))
    if link is None:
        today = day_in(time_zone_of(session, guardian.school_id), by.author.now)
        session.add(
            Guardianship(guardian_id=guardian.id, pupil_id=pupil.id, legal=True, started_on=today)
        )
        return True
    was_over = link.ended_on is not None
    link.ended_on = None
    return was_over


def _told(by: Answering, guardian: Guardian, pupil: Pupil) -> Iterator[Happening]:
    yield Happening(
        TrailKind.LINK_ADDED,
        school_id=guardian.school_id,
        account_id=guardian.account_id,
        guardian_id=guardian.id,
        pupil_id=pupil.id,
        reason=by.reason,
    )
    was_active = _is_active(by, guardian)
    # Whose account this opens again is told there.
    yield from reopen_returned(by.session, guardian.school_id, by.author, by.announcer)
    if guardian.account_id is not None and by.announcer is not None and was_active:
        added = [Added(guardian.account_id, guardian.id, pupil.id)]
        yield from announce_children(by.session, by.announcer, added, by.author)


def _is_active(by: Answering, guardian: Guardian) -> bool:
    if guardian.account_id is None:
        return False
    return by.session.get_one(Account, guardian.account_id).state is AccountState.ACTIVE


def _name(person: Guardian | Pupil) -> str:
    return f"{person.given_name} {person.usage_name or person.family_name}"
