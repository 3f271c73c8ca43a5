"""`letters list`: where the letters of a school stand, and what ends when."""

from collections.abc import Iterable
from enum import StrEnum
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, Any

import typer

from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.options import ClassLabel, Json, filled, usage_error
from educonnect_admin.cli.speech import Speech, counted

if TYPE_CHECKING:
    from educonnect_admin.office.list_letters import LetterList
    from educonnect_admin.queries.letter_list import Falling, ListedLetter

MOST_SHOWN = 500
"""How many letters a person is shown; a program gets them all."""

_WIDE = 120

STATES = {
    "live": "en cours",
    "expired": "échu",
    "used": "utilisé",
    "superseded": "remplacé",
    "regrouped": "regroupé",
    "closed": "fermé",
    "void": "annulé",
}
"""What people read for the state of a letter."""


class LetterState(StrEnum):
    """The choices of `--state`, as typed."""

    live = "live"
    expired = "expired"
    used = "used"
    superseded = "superseded"
    regrouped = "regrouped"
    closed = "closed"
    void = "void"


OneSchool = Annotated[str | None, typer.Option("--school", metavar="UAI", help="Une seule école.")]
Expiring = Annotated[
    int | None,
    typer.Option(
        "--expiring",
        metavar="JOURS",
        min=0,
        max=366,
        help="Ceux qui seront échus dans les JOURS qui viennent, avec une prévision par jour.",
    ),
]
State = Annotated[
    LetterState | None,
    typer.Option(
        "--state",
        metavar="live|expired|used|superseded",
        help="live : en cours ; expired : échu ; used : utilisé ; superseded : remplacé par "
        "un autre (aussi regrouped, closed, void).",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command to `letters`."""
    app.command("list", cls=FrenchCommand)(list_)


def list_(
    context: typer.Context,
    school: OneSchool = None,
    class_label: ClassLabel = None,
    expiring: Expiring = None,
    state: State = None,
    json: Json = False,
) -> None:
    """Montrer les courriers, leur état et leur dernier jour ; prévoir ceux qui vont échoir."""
    from educonnect_admin.edge import clock
    from educonnect_admin.office.list_letters import list_letters

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    if expiring is not None and state not in (None, LetterState.live):
        raise typer.BadParameter(state or "", param_hint="--state")
    label, uai = filled(class_label, "--class"), filled(school, "--school")
    if label and not uai:
        raise usage_error("Missing option --school.")
    with desk.office() as services, services.reading() as session:
        found = list_letters(
            session,
            uai=uai,
            class_label=label,
            state=state.value if state else None,
            expiring=expiring,
            now=clock(),
        )
        _tell(speech, found, uai=uai, expiring=expiring)


def _tell(speech: Speech, found: "LetterList", *, uai: str | None, expiring: int | None) -> None:
    if speech.json:
        _stream(speech, found)
    else:
        _show_letters(speech, found, with_school=uai is None)
    speech.say(_sum(found))
    if expiring is not None:
        _tell_forecast(speech, found, uai=uai)


def _stream(speech: Speech, found: "LetterList") -> None:
    """Give one JSON object, letter by letter: an academy's don't fit in memory."""
    speech.stream(
        "letters",
        (_for_program(letter) for letter in found.letters),
        {
            "by_state": found.by_state,
            "forecast": [
                {"last_day": one.last_day, "letters": one.letters, "reachable": one.reachable}
                for one in found.forecast
            ],
        },
    )


def _for_program(letter: "ListedLetter") -> dict[str, Any]:
    return {
        "number": letter.number,
        "identifier": letter.identifier,
        "guardian": _guardian(letter),
        "school": letter.uai,
        "class": letter.class_label,
        "carrier": f"{letter.carrier_given_name} {letter.carrier_surname}",
        "created_on": letter.created_on,
        "last_day": letter.last_day,
        "days_left": letter.days_left,
        "state": letter.state,
        "delivery": "email" if letter.by_mail else "paper",
        "batch": letter.batch_id,
    }


def _guardian(letter: "ListedLetter") -> str:
    from educonnect_admin.letters.naming import addressed

    return addressed(letter.civility, letter.given_name, letter.surname)


def _show_letters(speech: Speech, found: "LetterList", *, with_school: bool) -> None:
    from itertools import islice

    shown = list(islice(found.letters, MOST_SHOWN))
    wide = get_terminal_size().columns >= _WIDE
    headings = [
        *(["École"] if with_school else []),
        *("Dernier jour", "État"),
        *(["Classe"] if wide or not with_school else []),
        *("Responsable", "Identifiant"),
        *(["Porté par", "Remise"] if wide else []),
    ]
    speech.table(headings, [_cells(one, with_school=with_school, wide=wide) for one in shown])
    if found.total > len(shown):
        speech.say(
            f"Les {counted(len(shown), 'premier')} seulement : précisez --school, --class ou "
            "--state, ou demandez-les tous avec --json."
        )


def _cells(letter: "ListedLetter", *, with_school: bool, wide: bool) -> list[object]:
    cells: list[object] = [
        f"{letter.last_day:%d/%m/%Y}",
        STATES[letter.state] if letter.days_left is None else _left(letter.days_left),
        *([letter.class_label or "Sans classe"] if wide or not with_school else []),
        _guardian(letter),
        letter.identifier,
    ]
    if with_school:
        cells.insert(0, letter.uai)
    if wide:
        cells.append(f"{letter.carrier_given_name} {letter.carrier_surname}")
        cells.append("mail" if letter.by_mail else f"lot {letter.batch_id}")
    return cells


def _left(days: int) -> str:
    return "aujourd'hui" if days == 0 else f"{days}\u00a0j"


def _sum(found: "LetterList") -> str:
    total = counted(found.total, "courrier")
    parts = [
        counted(found.by_state[state], word, word if state == "live" else None)
        for state, word in STATES.items()
        if found.by_state.get(state)
    ]
    return f"{total} : {', '.join(parts)}." if parts else "Aucun courrier."


def _tell_forecast(speech: Speech, found: "LetterList", *, uai: str | None) -> None:
    if not found.forecast:
        speech.say("Aucun courrier en cours n'arrive à échéance d'ici là.")
        return
    speech.table(["Échéance", "Courriers", "Joignables"], list(_days_or_weeks(found.forecast)))
    speech.say(
        "Joignables : l'école connaît une adresse mail ou un mobile. Rappelez-leur avant "
        "l'échéance que le courrier suffit pour activer le compte."
    )
    where = uai or "UAI"
    speech.say(
        "Après l'échéance, pour ceux qui n'auront pas activé leur compte : "
        f"educonnect-admin letters issue --school {where} --who expired --output DOSSIER"
    )


_MOST_DAYS = 14


def _days_or_weeks(forecast: "Iterable[Falling]") -> list[tuple[str, int, int]]:
    """Return one line a day or, where that would be long, one a week."""
    from datetime import timedelta

    days = list(forecast)
    if len(days) <= _MOST_DAYS:
        return [(_day(one.last_day), one.letters, one.reachable) for one in days]
    weeks: dict[Any, tuple[int, int]] = {}
    for one in days:
        monday = one.last_day - timedelta(days=one.last_day.weekday())
        letters, reachable = weeks.get(monday, (0, 0))
        weeks[monday] = (letters + one.letters, reachable + one.reachable)
    return [
        (f"semaine du {monday:%d/%m/%Y}", letters, reachable)
        for monday, (letters, reachable) in weeks.items()
    ]


def _day(day: Any) -> str:
    from educonnect_admin.dates_in_words import in_words

    return in_words(day)
