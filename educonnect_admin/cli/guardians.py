"""`guardians …`: mending what the school's file says wrong of a guardian."""

import re
from typing import TYPE_CHECKING, Annotated

import typer

from educonnect_admin.cli.changing import carry_out
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.exit_codes import REMARKS
from educonnect_admin.cli.french import FrenchCommand, FrenchGroup
from educonnect_admin.cli.options import (
    DryRun,
    Json,
    Reason,
    Yes,
    filled,
    storable,
    tidy_reason,
)
from educonnect_admin.cli.speech import Speech, counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from educonnect_admin.office.desk.correct_guardian import Corrected

app = typer.Typer(cls=FrenchGroup, help="Les fiches des responsables.", no_args_is_help=True)

_ADDRESS = re.compile(r"(?P<street>.*[^\s,])[\s,]+(?P<postcode>[0-9]{5})\s+(?P<city>.*\S)")

Number = Annotated[
    int,
    typer.Argument(
        metavar="NUMERO", callback=storable, help="Le numéro de la fiche du responsable."
    ),
]
Email = Annotated[
    str | None, typer.Option("--email", metavar="MAIL", help="La bonne adresse mail.")
]
Mobile = Annotated[str | None, typer.Option("--mobile", metavar="MOBILE", help="Le bon mobile.")]
Address = Annotated[
    str | None,
    typer.Option(
        "--address", metavar="ADRESSE", help="La bonne adresse : «12 rue des Lilas, 59000 Lille»."
    ),
]
Street = Annotated[str | None, typer.Option("--street", metavar="RUE", help="La rue seule.")]
Postcode = Annotated[
    str | None, typer.Option("--postcode", metavar="CODE", help="Le code postal seul.")
]
City = Annotated[str | None, typer.Option("--city", metavar="VILLE", help="La commune seule.")]
Country = Annotated[str | None, typer.Option("--country", metavar="PAYS", help="Le pays seul.")]
NoEmail = Annotated[bool, typer.Option("--no-email", help="Retirer une adresse mail fausse.")]
NoMobile = Annotated[bool, typer.Option("--no-mobile", help="Retirer un mobile faux.")]


@app.callback()
def _group() -> None:
    # With one command only, Typer would drop the name of the group.
    """Les fiches des responsables."""


@app.command("correct", cls=FrenchCommand)
def correct(
    context: typer.Context,
    number: Number,
    reason: Reason,
    email: Email = None,
    mobile: Mobile = None,
    address: Address = None,
    street: Street = None,
    postcode: Postcode = None,
    city: City = None,
    country: Country = None,
    no_email: NoEmail = False,
    no_mobile: NoMobile = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Corriger l'adresse mail, le mobile ou l'adresse d'un responsable.

    La correction résiste aux imports suivants tant que le fichier ne dit pas la même chose.
    """
    from educonnect_admin.office.desk.correct_guardian import correct_guardian, tidied_contacts

    desk: Desk = context.obj
    speech, why = desk.speech(json=json), tidy_reason(reason)
    parts = {"street": street, "postcode": postcode, "city": city, "country": country}
    typed = _typed({"email": email, "mobile": mobile, "address": address, **parts})
    contacts, remarks = tidied_contacts(_wanted(typed, {"email": no_email, "mobile": no_mobile}))
    done = carry_out(
        desk,
        speech,
        lambda session, author: correct_guardian(
            session, number, contacts, reason=why, author=author
        ),
        lambda foreseen: "\n".join(
            [_said(foreseen, is_done=False), *_judged((*remarks, *foreseen.remarks))]
        ),
        yes=yes,
        dry_run=dry_run,
    )
    _tell(speech, done, (*remarks, *done.remarks), dry_run=dry_run)


def _typed(options: "Mapping[str, str | None]") -> dict[str, str]:
    """Return what was typed, by option.

    Raises:
        BadParameter: a value is empty; nothing is ever erased by a variable left unset.
    """
    return {
        name: filled(value, f"--{name}") for name, value in options.items() if value is not None
    }


def _wanted(typed: "dict[str, str]", absent: "Mapping[str, bool]") -> dict[str, str | None]:
    """Return the contacts to set, those to take away included.

    Raises:
        NothingToCorrect: there are none.
        ContradictoryOptions: an option says the contrary of another.
        BadContact: the address can't be taken apart.
    """
    from educonnect_admin.domain.desk_errors import ContradictoryOptions, NothingToCorrect

    wanted: dict[str, str | None] = {**typed}
    for name in (name for name, is_wanted in absent.items() if is_wanted):
        if name in typed:
            raise ContradictoryOptions(f"--{name}", f"--no-{name}")
        wanted[name] = None
    if "address" in typed:
        del wanted["address"]
        parts = _taken_apart(typed["address"])
        if double := next((name for name in parts if name in typed), None):
            raise ContradictoryOptions("--address", f"--{double}")
        wanted |= parts
    if not wanted:
        raise NothingToCorrect
    return wanted


def _taken_apart(address: str) -> dict[str, str]:
    from educonnect_admin.domain.desk_errors import BadContact

    found = _ADDRESS.fullmatch(address.strip())
    if found is None:
        raise BadContact("address")
    return found.groupdict()


FIELDS = {
    "email": "l'adresse mail",
    "mobile": "le mobile",
    "street": "la rue",
    "postcode": "le code postal",
    "city": "la commune",
    "country": "le pays",
}
_REMARKS = {
    "unusual_mobile": "À vérifier : ce numéro de portable est inhabituel ; il est gardé.",
    "bad_postcode": "À vérifier : ce code postal n'est pas celui d'une commune de France ; il est "
    "gardé. À l'étranger, ajoutez --country PAYS.",
}


def _said(done: "Corrected", *, is_done: bool) -> str:
    who = f"{done.name} (fiche n° {done.guardian_id}"
    who += f", compte {done.identifier})" if done.identifier else ")"
    if not done.changed:
        return f"{who} : c'est déjà ce qui est inscrit, rien n'a changé."
    fields = ", ".join(FIELDS[field] for field in done.fields)
    lines = [f"{who}", f"  {'corrigé' if is_done else 'à corriger'} : {fields}"]
    kept = set(done.fields) - set(done.agrees)
    if kept:
        lines.append(
            "La correction résiste aux imports suivants ; faites aussi corriger le fichier de "
            "l'école."
        )
    else:
        lines.append("C'est ce que dit le fichier de l'école : il n'y a plus de correction.")
    if done.cancelled:
        waiting = counted(done.cancelled, "message annulé", "messages annulés")
        lines.append(f"{waiting} avant de partir vers ce qui était faux.")
    if done.letters_void:
        lines.append(
            "Le courrier qui devait partir par mail ne vaut plus rien. Un autre, à la bonne "
            f"adresse : educonnect-admin letters resend {done.identifier} --email --reason MOTIF"
        )
    return "\n".join(lines)


def _judged(remarks: tuple[str, ...]) -> list[str]:
    return [_REMARKS[remark] for remark in remarks]


def _tell(speech: Speech, done: "Corrected", remarks: tuple[str, ...], *, dry_run: bool) -> None:
    """Tell what was corrected, by the names of the fields.

    Raises:
        Exit: somebody should look at something (4).
    """
    speech.say(_said(done, is_done=not dry_run))
    for sentence in _judged(remarks):
        speech.warn(sentence)
    speech.result(
        {
            "guardian": done.guardian_id,
            "identifier": done.identifier,
            "changed": done.changed,
            "dry_run": dry_run,
            "fields": list(done.fields),
            "remarks": [str(remark) for remark in remarks],
            "messages_cancelled": done.cancelled,
            "letters_void": done.letters_void,
        }
    )
    if remarks:
        raise typer.Exit(REMARKS)
