"""The sheet of an account in French, on one screen."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from educonnect_admin.cli.finding_words import child_words, full_name
from educonnect_admin.cli.mail_words import reason_words
from educonnect_admin.cli.state_words import state_words
from educonnect_admin.cli.trail_words import end_words, message_words, told
from educonnect_admin.domain.trail import TrailKind

if TYPE_CHECKING:
    from educonnect_admin.office.show_account import AccountSheet
    from educonnect_admin.queries.account_sheet import LetterLine, RecordDetails
    from educonnect_admin.queries.trail_list import TrailLine

_CIVILITIES = {"mme": "Mme ", "m": "M. "}
_JOURNEYS = {"letter": "courrier", "sms": "SMS", "franceconnect": "FranceConnect"}
_LETTERS_SHOWN, _ENTRIES_SHOWN = 3, 6


def sheet_lines(sheet: "AccountSheet", now: datetime) -> list[str]:
    """Return the lines of the screen; the times are those of the first school's clock."""
    zone = ZoneInfo(sheet.records[0].time_zone if sheet.records else "Europe/Paris")
    return [
        *_head(sheet, zone, now),
        *(line for record in sheet.records for line in _record(record)),
        *_children(sheet),
        *_letters(sheet, zone, now),
        *(
            f"Message en attente ou en échec : {message_words(message.kind)}, "
            f"{_day(message.created_at, zone)}"
            + (f", {reason_words(message.error)}" if message.error else "")
            for message in sheet.messages
        ),
        *_timeline(sheet, zone),
    ]


def _head(sheet: "AccountSheet", zone: ZoneInfo, now: datetime) -> Iterator[str]:
    state = state_words(sheet.state, expired=sheet.expired)
    journey = f", par {_JOURNEYS[sheet.journey]}" if sheet.journey else ""
    yield f"{sheet.identifier}  [{state}] depuis le {_day(sheet.since, zone)}{journey}"
    if sheet.locked_until is not None and sheet.locked_until > now:
        yield (
            f"  VERROUILLÉ jusqu'au {_moment(sheet.locked_until, zone)} ; pour l'ouvrir : "
            f"educonnect-admin accounts unlock {sheet.identifier} --reason MOTIF"
        )
    if sheet.closed_without_child:
        yield "  Fermé faute d'enfant inscrit : le retour d'un enfant le rouvre tel qu'il était"
    if sheet.closes_on is not None:
        yield f"  Plus aucun enfant inscrit : sera fermé le {sheet.closes_on:%d/%m/%Y}"
    for one in sheet.regroupings:
        day = _day(one.regrouped_at, zone)
        if one.other == sheet.identifier:
            yield f"  Regroupé dans {one.principal} le {day}"
        else:
            yield f"  A reçu le compte {one.other} le {day}"
    yield f"  Adresse mail du compte : {_email(sheet, zone)}"
    if sheet.franceconnect_at:
        yield f"  Lié à FranceConnect depuis le {_day(sheet.franceconnect_at, zone)}"
    if sheet.last_login_at:
        yield f"  Dernière connexion : {_moment(sheet.last_login_at, zone)}"


def _email(sheet: "AccountSheet", zone: ZoneInfo) -> str:
    if sheet.email is None:
        words = "aucune"
    elif sheet.email_confirmed_at:
        words = f"{sheet.email} (confirmée)"
    else:
        words = f"{sheet.email} (non confirmée)"
    if sheet.email_bounced_at:
        words += f", messages refusés depuis le {_day(sheet.email_bounced_at, zone)}"
    if sheet.pending_email:
        words += f" ; changement demandé : {sheet.pending_email}"
    return words


def _record(record: "RecordDetails") -> Iterator[str]:
    name = full_name(record.family_name, record.usage_name, record.given_name)
    civility = _CIVILITIES.get(record.civility or "", "")
    yield f"{civility}{name}, fiche {record.id}, {record.school} ({record.uai})"
    contacts = [
        f"{label} {value or 'inconnu'}{' (corrigé au bureau)' if field in record.corrected else ''}"
        for label, field, value in (
            ("mail", "email", record.email),
            ("mobile", "mobile", record.mobile),
        )
    ]
    if record.corrected & {"street", "postcode", "city", "country"}:
        contacts.append("adresse postale corrigée au bureau")
    yield f"  Donné par l'école : {' ; '.join(contacts)}"


def _children(sheet: "AccountSheet") -> Iterator[str]:
    if not sheet.children:
        yield "Enfants : aucun rattaché aujourd'hui."
        return
    several = len({child.uai for child in sheet.children}) > 1
    words = (
        f"{child_words(child)}{f', {child.school}' if several and child.school else ''}"
        for child in sheet.children
    )
    yield f"Enfants : {' ; '.join(words)}"


def _letters(sheet: "AccountSheet", zone: ZoneInfo, now: datetime) -> Iterator[str]:
    if not sheet.letters:
        yield "Courriers : aucun."
        return
    hidden = len(sheet.letters) - _LETTERS_SHOWN
    yield "Courriers :" + (f" (et {hidden} plus anciens)" if hidden > 0 else "")
    for letter in sheet.letters[-_LETTERS_SHOWN:]:
        way = "papier" if letter.on_paper else "mail"
        yield (
            f"  {letter.number}  du {_day(letter.created_at, zone)} "
            f"au {letter.last_day:%d/%m/%Y}  {way}  {_standing(letter, now)}"
        )


def _standing(letter: "LetterLine", now: datetime) -> str:
    from educonnect_admin.office.show_account import lives

    if letter.end is not None:
        return end_words(letter.end)
    return "en cours de validité" if lives(letter, now) else "date passée"


def _timeline(sheet: "AccountSheet", zone: ZoneInfo) -> Iterator[str]:
    hidden = len(sheet.timeline) - _ENTRIES_SHOWN
    yield "Journal :" + (
        f" (le reste : educonnect-admin audit trail --account {sheet.identifier})"
        if hidden > 0
        else ""
    )
    yield from (f"  {_entry(line, zone)}" for line in sheet.timeline[-_ENTRIES_SHOWN:])


def _entry(line: "TrailLine", zone: ZoneInfo) -> str:
    when = _moment(line.happened_at, zone) if line.happened_at else "?"
    reason = f" : {line.reason}" if line.reason else ""
    return f"{when}  {entry_words(line)}, par {line.operator}{reason}"


def entry_words(line: "TrailLine") -> str:
    """Return what an entry tells; a kind that no version of ours wrote stands as it is."""
    known = set(map(str, TrailKind))
    return told(TrailKind(line.kind), line.details) if line.kind in known else line.kind


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%d/%m/%Y}"


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%d/%m/%Y %H:%M}"
