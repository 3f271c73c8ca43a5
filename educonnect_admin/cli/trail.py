"""`audit trail`: who did what to whom, and whether nobody has changed it since (R-63)."""

from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.exit_codes import REFUSED
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.moments import ZONE
from educonnect_admin.cli.options import Json, filled, storable
from educonnect_admin.cli.speech import Speech
from educonnect_admin.homes import at_home

if TYPE_CHECKING:
    from educonnect_admin.domain.trail_breaks import KeptHead


Limit = Annotated[
    int,
    typer.Option(
        "--limit", metavar="NOMBRE", min=1, callback=storable, help="Au plus tant d'entrées."
    ),
]


def register(group: typer.Typer) -> None:
    """Put the command in its group."""
    group.command("trail", cls=FrenchCommand)(trail)


def trail(
    context: typer.Context,
    school: Annotated[
        str | None, typer.Option("--school", metavar="UAI", help="Une seule école.")
    ] = None,
    account: Annotated[
        str | None,
        typer.Option("--account", metavar="IDENTIFIANT", help="Ce qui est arrivé à un compte."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DATE", help="Depuis ce jour, ex. 2026-11-23."),
    ] = None,
    limit: Limit = 200,
    verify: Annotated[
        bool, typer.Option("--verify", help="Vérifier que rien n'a été changé ni retiré.")
    ] = False,
    expect: Annotated[
        list[str] | None,
        typer.Option(
            "--expect",
            metavar="TETE",
            help="Vérifier aussi que le journal passe par une tête notée auparavant "
            "(UAI:nombre:empreinte, ou un fichier qui en contient) ; peut être répété.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Lire le journal : qui a fait quoi, quand et pourquoi ; ou le vérifier."""
    desk: Desk = context.obj
    speech = desk.speech(json=json)
    for value, option in ((school, "--school"), (account, "--account"), (since, "--since")):
        filled(value, option)
    if verify or expect:
        _refuse_with_verify({"--account": account, "--since": since})
        _verify(desk, speech, school, read_heads(expect or []))
    else:
        _list(desk, speech, school, account, _day(since), limit)


def _refuse_with_verify(options: dict[str, str | None]) -> None:
    """A chain is followed whole or not at all: to verify a part would prove nothing."""
    for option, value in options.items():
        if value is not None:
            raise typer.BadParameter(value, param_hint=option)


def _day(text: str | None) -> date | None:
    from educonnect_admin.rosters.dates import parse_date

    if text is None:
        return None
    found = parse_date(text.strip())
    if not isinstance(found, date):
        raise typer.BadParameter(text, param_hint="--since")
    return found


def _list(
    desk: Desk,
    speech: Speech,
    school: str | None,
    account: str | None,
    since: date | None,
    limit: int,
) -> None:
    from educonnect_admin.cli.trail_report import entry_for_program, tell_entries
    from educonnect_admin.queries.accounts import account_by_identifier
    from educonnect_admin.queries.schools import school_by_uai
    from educonnect_admin.queries.trail_list import trail_page

    with desk.office() as services, services.reading() as session:
        found = school_by_uai(session, school) if school else None
        from zoneinfo import ZoneInfo

        zone = ZoneInfo(found.time_zone if found else ZONE)
        page = trail_page(
            session,
            school_id=found.id if found else None,
            account_id=account_by_identifier(session, account).id if account else None,
            since=datetime.combine(since, time(), zone) if since else None,
            limit=limit,
        )
    tell_entries(speech, page, zone, with_school=found is None, with_account=account is None)
    entries = [entry_for_program(line) for line in page.lines]
    speech.result({"entries": entries, "total": page.total})


def _verify(
    desk: Desk, speech: Speech, school: str | None, kept: "dict[str | None, KeptHead]"
) -> None:
    from educonnect_admin.cli.trail_report import tell_verdict, verdict_for_program
    from educonnect_admin.edge import clock
    from educonnect_admin.office.verify_trail import number_of_entries, verify_trail

    with desk.office("--verify") as services, services.reading() as session:
        total = number_of_entries(session, school)
        with speech.progress("Entrées", total) as moved:
            pen = services.author(clock()).pen
            verdict = verify_trail(session, pen, uai=school, kept=kept, moved=moved)
    tell_verdict(speech, verdict, compared=len(kept))
    speech.result(verdict_for_program(verdict))
    if verdict.broken:
        raise typer.Exit(REFUSED)


def read_heads(given: list[str]) -> "dict[str | None, KeptHead]":
    """Return the heads that were noted, by UAI; that of the office under nothing.

    Raises:
        BadParameter: one is no head, and no file that holds any (exit 2).
    """
    heads: dict[str | None, KeptHead] = {}
    for text in given:
        found = dict(head for line in _lines(text) if (head := _head(line)))
        if not found:
            raise typer.BadParameter(text, param_hint="--expect")
        heads.update(found)
    return heads


def _lines(text: str) -> list[str]:
    """A head is its own line; anything else is taken for the file that holds them."""
    if _head(text):
        return [text]
    try:
        return at_home(Path(text)).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return []


def _head(line: str) -> "tuple[str | None, KeptHead] | None":
    import re

    from educonnect_admin.cli.trail_report import OFFICE
    from educonnect_admin.domain.trail_breaks import KeptHead

    found = re.fullmatch(r"(\w+):([0-9]{1,12}):([0-9a-f]{64})", line.strip(), re.IGNORECASE)
    if found is None:
        return None
    uai = None if found[1].lower() == OFFICE else found[1].upper()
    return uai, KeptHead(int(found[2]), found[3].lower())
