"""`accounts show`, `pupils show`: one person on one screen."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.options import Json

if TYPE_CHECKING:
    from datetime import datetime

    from educonnect_admin.office.show_account import AccountSheet
    from educonnect_admin.office.show_pupil import PupilSheet
    from educonnect_admin.queries.account_sheet import LetterLine
    from educonnect_admin.queries.trail_list import TrailLine


def account(
    context: typer.Context,
    identifier: Annotated[
        str, typer.Argument(metavar="IDENTIFIANT", help="L'identifiant du compte.")
    ],
    json: Json = False,
) -> None:
    """Montrer un compte : personne, enfants, état, courriers, journal."""
    from educonnect_admin.cli.sheet_words import sheet_lines
    from educonnect_admin.edge import clock
    from educonnect_admin.office.show_account import show_account

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    now = clock()
    with desk.office() as services, services.reading() as session:
        sheet = show_account(session, identifier, now=now)
    speech.show("\n".join(sheet_lines(sheet, now)))
    speech.say(f"Pourquoi ce parent n'entre pas : educonnect-admin accounts explain {identifier}")
    speech.result(_account(sheet, now))


def pupil(
    context: typer.Context,
    asked: Annotated[
        str, typer.Argument(metavar="INE_OU_NUMERO", help="L'INE, ou le numéro que donne find.")
    ],
    json: Json = False,
) -> None:
    """Montrer un élève : classe, date de naissance, responsables."""
    from educonnect_admin.cli.pupil_words import pupil_lines
    from educonnect_admin.edge import clock
    from educonnect_admin.office.show_pupil import show_pupil

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    with desk.office() as services, services.reading() as session:
        sheet = show_pupil(session, asked, now=clock())
    speech.show("\n".join(pupil_lines(sheet)))
    speech.say(
        "Si la date de naissance est fausse : educonnect-admin pupils correct-birth-date "
        f"{sheet.id} DATE --reason MOTIF"
    )
    speech.result(_pupil(sheet))


def _account(sheet: "AccountSheet", now: "datetime") -> dict[str, Any]:
    return {
        "identifier": sheet.identifier,
        "state": sheet.state.value,
        "notification_expired": sheet.expired,
        "closed_without_child": sheet.closed_without_child,
        "closes_on": sheet.closes_on.isoformat() if sheet.closes_on else None,
        "since": sheet.since.isoformat(),
        "journey": sheet.journey.value if sheet.journey else None,
        "locked_until": _moment(sheet.locked_until),
        "last_login_at": _moment(sheet.last_login_at),
        "email": sheet.email,
        "email_confirmed": sheet.email_confirmed_at is not None,
        "email_bounced": sheet.email_bounced_at is not None,
        "pending_email": sheet.pending_email,
        "franceconnect_at": _moment(sheet.franceconnect_at),
        "guardians": [
            {
                "id": record.id,
                "school": record.uai,
                "civility": record.civility.value if record.civility else None,
                "family_name": record.family_name,
                "usage_name": record.usage_name,
                "given_name": record.given_name,
                "email": record.email,
                "mobile": record.mobile,
                "corrected": sorted(record.corrected),
            }
            for record in sheet.records
        ],
        **_more(sheet, now),
    }


def _more(sheet: "AccountSheet", now: "datetime") -> dict[str, Any]:
    return {
        "children": [
            {
                "id": child.id,
                "family_name": child.family_name,
                "usage_name": child.usage_name,
                "given_name": child.given_name,
                "school": child.uai,
                "class": child.class_label,
                "legal": child.legal,
            }
            for child in sheet.children
        ],
        "letters": [_letter(letter, now) for letter in sheet.letters],
        "messages": [
            {
                "id": message.id,
                "kind": str(message.kind),
                "state": str(message.state),
                "created_at": message.created_at.isoformat(),
                "error": message.error,
            }
            for message in sheet.messages
        ],
        "regroupings": [
            {
                "principal": one.principal,
                "other": one.other,
                "regrouped_at": one.regrouped_at.isoformat(),
            }
            for one in sheet.regroupings
        ],
        "timeline": [_entry(line) for line in sheet.timeline],
    }


def _letter(letter: "LetterLine", now: "datetime") -> dict[str, Any]:
    from educonnect_admin.office.show_account import lives

    return {
        "number": letter.number,
        "created_at": letter.created_at.isoformat(),
        "last_day": letter.last_day.isoformat(),
        "live": lives(letter, now),
        "end": letter.end.value if letter.end else None,
        "ended_at": _moment(letter.ended_at),
        "by": "paper" if letter.on_paper else "email",
    }


def _entry(line: "TrailLine") -> dict[str, Any]:
    return {
        "happened_at": _moment(line.happened_at),
        "kind": line.kind,
        "operator": line.operator,
        "details": dict(line.details),
        "reason": line.reason,
    }


def _moment(moment: "datetime | None") -> str | None:
    return moment.isoformat() if moment else None


def _pupil(sheet: "PupilSheet") -> dict[str, Any]:
    return {
        "id": sheet.id,
        "ine": sheet.ine,
        "family_name": sheet.family_name,
        "usage_name": sheet.usage_name,
        "given_names": sheet.given_name,
        "birth_date": sheet.birth_date.isoformat(),
        "birth_date_corrected": sheet.corrected,
        "enrolments": [
            {
                "school": one.uai,
                "class": one.class_label,
                "level": one.level,
                "started_on": one.started_on.isoformat(),
                "ended_on": one.ended_on.isoformat() if one.ended_on else None,
            }
            for one in sheet.enrolments
        ],
        "guardians": [
            {
                "id": one.id,
                "family_name": one.family_name,
                "usage_name": one.usage_name,
                "given_name": one.given_name,
                "school": one.uai,
                "legal": one.legal,
                "identifier": one.identifier,
                "state": one.state.value if one.state else None,
                "notification_expired": one.account_id in sheet.expired,
            }
            for one in sheet.guardians
        ],
    }
