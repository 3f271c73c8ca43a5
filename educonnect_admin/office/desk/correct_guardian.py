"""Correct the e-mail, mobile or address of a guardian that the school's file has wrong (R-61)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.contacts import group_of
from educonnect_admin.domain.desk_errors import BadContact, UnknownGuardian
from educonnect_admin.domain.people import Guardian, GuardianCorrection
from educonnect_admin.domain.trail import Author, Happening, TrailKind
from educonnect_admin.office.desk.withdraw_mail import withdraw_mail
from educonnect_admin.office.propose_merges import propose_merges
from educonnect_admin.queries.accounts import locked_accounts
from educonnect_admin.queries.held_schools import hold_schools
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.rosters.cells import (
    LIMITS,
    MAX_STREET,
    clean,
    parse_email,
    parse_postcode,
)
from educonnect_admin.rosters.mobiles import parse_mobile
from educonnect_admin.rosters.problems import ProblemCode

Remarks = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Corrected:
    """What a correction did to a record.

    Attributes:
        guardian_id: the record.
        name: given name and surname, for a person to check.
        identifier: of the account that holds the record, if there is one.
        fields: the names of what is another now than it was.
        agrees: of these, what the school's file said all along.
        remarks: codes of what somebody should look at.
        cancelled: how many messages waited to leave to what was wrong.
        letters_void: how many letters by mail are void with them.
    """

    guardian_id: int
    name: str
    identifier: str | None
    fields: tuple[str, ...]
    agrees: tuple[str, ...] = ()
    remarks: Remarks = ()
    cancelled: int = 0
    letters_void: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything is another now."""
        return bool(self.fields)

    def __repr__(self) -> str:
        return f"Corrected(guardian_id={self.guardian_id}, fields={self.fields})"


def tidied_contacts(
    typed: Mapping[str, str | None],
) -> tuple[dict[str, str | None], Remarks]:
    """Return contacts in the form that an import gives them, and what should be looked at.

    Args:
        typed: By field; an empty value takes the contact away.

    Raises:
        BadContact: it can't be one: not an address, a fixed line, too long.
    """
    tidied: dict[str, str | None] = {}
    remarks: list[str] = []
    for field, value in typed.items():
        tidied[field] = None
        if value is not None:
            tidied[field], remark = _tidied(field, value)
            remarks += [remark] if remark else []
    return tidied, tuple(remarks)


def _tidied(field: str, value: str) -> tuple[str, str | None]:
    text = clean(value)
    found, code = _PARSERS[field](text) if text else (None, None)
    most = MAX_STREET if field == "street" else LIMITS.get(field)
    if found is None or (most is not None and len(found) > most):
        raise BadContact(field)
    return found, code


Parser = Callable[[str], tuple[str | None, ProblemCode | None]]


def _as_typed(text: str) -> tuple[str | None, ProblemCode | None]:
    return text, None


_PARSERS: Mapping[str, Parser] = {
    "email": parse_email,
    "mobile": parse_mobile,
    "street": _as_typed,
    # Judged once the country is known.
    "postcode": _as_typed,
    "city": _as_typed,
    "country": _as_typed,
}


def correct_guardian(
    session: Session,
    guardian_id: int,
    contacts: Mapping[str, str | None],
    *,
    reason: str,
    author: Author,
) -> Corrected:
    """Correct contacts of one school's record; they withstand later imports.

    What the school's file says is kept beside: the file meets the record again and undoes
    nothing, until it agrees. Correcting back to it forgets that there was a correction.

    Args:
        session: An open transaction.
        guardian_id: The number of the record.
        contacts: By field, in the form that `tidied_contacts` gives.
        reason: Why, for the trail.
        author: Who asks, and when.

    Raises:
        UnknownGuardian: no record bears this number.

    Rules: R-61, R-63.
    """
    guardian, account = _held(session, guardian_id)
    known = _sources(session, guardian)
    now = {field: getattr(guardian, field) for name in contacts for field in group_of(name)}
    source = {field: known.get(field, value) for field, value in now.items()}
    wanted = {**now, **contacts}
    remarks = _judge_postcode(wanted) if "postcode" in contacts else ()
    changed = tuple(field for field, value in wanted.items() if value != now[field])
    for field in changed:
        setattr(guardian, field, wanted[field])
    withdrawn = withdraw_mail(session, guardian.id, account, changed, reason=reason, author=author)
    if changed:
        _remember(session, guardian, wanted, source, author)
        session.flush()  # the records are weighed, the trail is written by plain statements
        propose_merges(session, guardian.school_id, [guardian.id], author.now)
        told = [_entry(guardian, changed, reason), *withdrawn.happenings]
        append_to_trail(session, author, told)
    return Corrected(
        guardian_id=guardian.id,
        name=f"{guardian.given_name} {guardian.usage_name or guardian.family_name}",
        identifier=account.identifier if account else None,
        fields=changed,
        agrees=tuple(field for field in changed if wanted[field] == source[field]),
        remarks=remarks,
        cancelled=withdrawn.messages,
        letters_void=len(withdrawn.happenings),
    )


def _judge_postcode(wanted: dict[str, str | None]) -> Remarks:
    """Put the zero back that somebody left out, and tell what no place of France has."""
    code = wanted["postcode"]
    if not code:
        return ()
    wanted["postcode"], problem = parse_postcode(code, wanted["country"] or "")
    return (problem,) if problem else ()


def _held(session: Session, guardian_id: int) -> tuple[Guardian, Account | None]:
    """Return a record and its account; the school, account and record are held, in this order.

    Whoever moves a record to another account holds its school first.
    """
    one = select(Guardian).where(Guardian.id == guardian_id)
    found = session.scalar(one)
    if found is None:
        raise UnknownGuardian(guardian_id)
    hold_schools(session, [found.school_id])
    accounts = locked_accounts(session, [_account_id(session, guardian_id) or 0])
    locked = one.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.scalars(locked).one(), next(iter(accounts), None)


def _account_id(session: Session, guardian_id: int) -> int | None:
    return session.scalar(select(Guardian.account_id).where(Guardian.id == guardian_id))


def _sources(session: Session, guardian: Guardian) -> dict[str, str | None]:
    rows = session.execute(
        select(GuardianCorrection.field, GuardianCorrection.source_value).where(
            GuardianCorrection.guardian_id == guardian.id
        )
    )
    return {row.field: row.source_value for row in rows}


def _remember(
    session: Session,
    guardian: Guardian,
    wanted: Mapping[str, str | None],
    source: Mapping[str, str | None],
    author: Author,
) -> None:
    """Keep what the file says of each group that differs from it, and of no other."""
    for group in {group_of(field) for field in wanted}:
        session.execute(
            delete(GuardianCorrection).where(
                GuardianCorrection.guardian_id == guardian.id, GuardianCorrection.field.in_(group)
            )
        )
        if any(wanted[field] != source[field] for field in group):
            session.add_all(
                GuardianCorrection(
                    guardian_id=guardian.id,
                    field=field,
                    source_value=source[field],
                    corrected_at=author.now,
                )
                for field in group
            )


def _entry(guardian: Guardian, fields: tuple[str, ...], reason: str) -> Happening:
    """The names of the fields, never what stood or stands in them."""
    return Happening(
        TrailKind.GUARDIAN_CORRECTED,
        school_id=guardian.school_id,
        account_id=guardian.account_id,
        guardian_id=guardian.id,
        details={"fields": ",".join(fields)},
        reason=reason,
    )
