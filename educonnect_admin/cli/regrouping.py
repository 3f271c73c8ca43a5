"""`accounts regroup` and `accounts undo-regroup`: one person, one account."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from educonnect_admin.cli.agreeing import agree, is_asked
from educonnect_admin.cli.changing import REHEARSED, carry_out
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.options import DryRun, Json, Reason, Yes, tidy_reason
from educonnect_admin.cli.speech import Speech, counted

if TYPE_CHECKING:
    from educonnect_admin.edge import Services
    from educonnect_admin.office.desk.compare_people import Comparison
    from educonnect_admin.office.desk.regroup_accounts import Regrouped
    from educonnect_admin.queries.sides import Side

Principal = Annotated[
    str, typer.Argument(metavar="PRINCIPAL", help="L'identifiant du compte qui reste.")
]
Other = Annotated[
    str, typer.Argument(metavar="AUTRE", help="L'identifiant du compte qui ne servira plus.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to their group."""
    app.command("regroup", cls=FrenchCommand)(regroup)
    app.command("undo-regroup", cls=FrenchCommand)(undo_regroup)


def regroup(
    context: typer.Context,
    principal: Principal,
    other: Other,
    reason: Reason,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Réunir sur un compte les enfants d'un autre compte de la même personne.

    Les deux comptes sont montrés côte à côte. Si les noms ou la civilité diffèrent, ou si une même
    école les connaît tous deux, rien n'est fait sans --yes.
    """
    from educonnect_admin.domain.desk_errors import SameAccount
    from educonnect_admin.edge import clock
    from educonnect_admin.office.desk.regroup_accounts import regroup_accounts

    desk: Desk = context.obj
    speech, why = desk.speech(json=json), tidy_reason(reason)
    if principal.strip().lower() == other.strip().lower():
        raise SameAccount(principal.strip().lower())
    with desk.office() as services:
        asked = is_asked(speech, yes=yes) and not dry_run
        if not yes:
            _show_both(speech, services, principal, other, asked=asked)
        with services.transaction(dry_run=dry_run) as session:
            done = regroup_accounts(
                session,
                principal,
                other,
                reason=why,
                author=services.author(clock()),
                # A dry run changes nothing: it warns, and foresees what a yes would do.
                looked=yes or asked or dry_run,
            )
    _tell(speech, done, dry_run=dry_run)


def _show_both(
    speech: Speech, services: "Services", principal: str, other: str, *, asked: bool
) -> None:
    """Lay both side by side; at a terminal, go on only if they are said to be one person."""
    from educonnect_admin.office.desk.compare_people import compare_accounts

    with services.reading() as session:
        seen = compare_accounts(session, principal, other)
    speech.table(
        ["", f"Principal : {seen.principal.identifier}", f"Autre : {seen.other.identifier}"],
        _rows(seen),
    )
    for warning in warnings(seen):
        speech.warn(warning)
    if asked:
        question = (
            f"Les enfants de {seen.other.identifier} iront sur {seen.principal.identifier}, et "
            f"{seen.other.identifier} ne sera plus utilisable. Est-ce bien une seule personne ?"
        )
        agree(speech, question, yes=False)


def _rows(seen: "Comparison") -> list[tuple[str, str, str]]:
    from educonnect_admin.cli.state_words import state_words

    sides = seen.principal, seen.other
    rows = [
        ("Nom", *(_listed(_names(side)) for side in sides)),
        ("État", *(state_words(side.state) for side in sides)),
        ("Écoles", *(_listed(one.school_name for one in side.records) for side in sides)),
        (
            "Enfants",
            *(_listed(child for one in side.records for child in one.children) for side in sides),
        ),
    ]
    for name, label in (("email", "Adresse mail"), ("mobile", "Mobile")):
        rows.append((label, *(_likeness(seen, side, name) for side in sides)))
    return [(label, left, right) for label, left, right in rows]


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(texts))


def _names(side: "Side") -> Iterator[str]:
    from educonnect_admin.letters.naming import addressed

    for one in side.records:
        shown = addressed(one.civility, one.given_name, one.usage_name or one.family_name)
        yield f"{shown} (nom de famille {one.family_name})" if one.usage_name else shown


_LIKENESS = {
    "email": {"same": "la même", "different": "différente", "unknown": "connue", "": "inconnue"},
    "mobile": {"same": "le même", "different": "différent", "unknown": "connu", "": "inconnu"},
}


def _likeness(seen: "Comparison", side: "Side", name: str) -> str:
    """Say whether a contact is the same, not what it is: nobody needs it to decide."""
    is_known = any(getattr(one, name) for one in side.records)
    return _LIKENESS[name][seen.facts[name] if is_known else ""]


_FACTS = {
    "family_name": "le nom",
    "given_name": "le prénom",
    "civility": "la civilité",
    "email": "l'adresse mail",
    "mobile": "le mobile",
}


def different_words(fields: Iterable[str]) -> str:
    """Return what differs, as a list in a sentence: `le nom et la civilité`."""
    *first, last = [_FACTS[field] for field in fields]
    return f"{', '.join(first)} et {last}" if first else last


def warnings(seen: "Comparison") -> list[str]:
    """Return what somebody should see before two accounts become one."""
    said = []
    facts = [name for name in seen.different if name in _FACTS]
    if facts:
        said.append(f"ATTENTION : ce qui diffère : {different_words(facts)}.")
    if seen.shares_a_school:
        said.append(
            "ATTENTION : une même école a une fiche pour chacun : ce sont d'ordinaire deux "
            "personnes (un père et son fils, des homonymes)."
        )
    if seen.loses_the_active_one:
        said.append(
            f"ATTENTION : {seen.other.identifier} est activé et {seen.principal.identifier} ne "
            "l'est pas : inversez-les si la personne se sert du premier."
        )
    return said


def _tell(speech: Speech, done: "Regrouped", *, dry_run: bool) -> None:
    if dry_run:
        speech.say(REHEARSED)
    records = counted(done.records, "fiche")
    verb = "irait" if dry_run and done.records < 2 else "iraient" if dry_run else ""
    moved = f"{verb} sur" if dry_run else ("réunie à" if done.records < 2 else "réunies à")
    speech.say(f"{records} de {done.other} {moved} {done.identifier}.")
    if not dry_run:
        speech.say(
            f"Le compte {done.other} ne sera plus utilisable. Pour revenir en arrière : "
            f"educonnect-admin accounts undo-regroup {done.other} --reason MOTIF"
        )
    speech.result(
        {
            "identifier": done.identifier,
            "state": str(done.state),
            "changed": True,
            "dry_run": dry_run,
            "other": done.other,
            "other_state": str(done.other_state),
            "records": done.records,
            "differences": list(done.differences),
            "letters_ended": done.ended.letters,
            "messages_cancelled": done.ended.messages,
        }
    )


def undo_regroup(
    context: typer.Context,
    other: Other,
    reason: Reason,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Annuler un regroupement : le compte retrouve ses enfants et son état d'avant."""
    from educonnect_admin.office.desk.regroup_accounts import undo_regrouping

    desk: Desk = context.obj
    speech, why = desk.speech(json=json), tidy_reason(reason)
    done = carry_out(
        desk,
        speech,
        lambda session, author: undo_regrouping(session, other, reason=why, author=author),
        lambda foreseen: _undone(foreseen, is_done=False),
        yes=yes,
        dry_run=dry_run,
    )
    speech.say(_undone(done, is_done=not dry_run))
    speech.result(
        {
            "identifier": done.other,
            "state": str(done.other_state),
            "changed": True,
            "dry_run": dry_run,
            "principal": done.identifier,
            "principal_state": str(done.state),
            "records": done.records,
        }
    )


def _undone(done: "Regrouped", *, is_done: bool) -> str:
    from educonnect_admin.cli.state_words import state_words

    state = state_words(done.other_state, expired=True)
    records = counted(done.records, "fiche")
    verb = "retrouve" if is_done else "retrouvera"
    said = f"Le compte {done.other} {verb} {records} et l'état «{state}»."
    if is_done and done.other_state == "notified":
        said += (
            "\nSon ancien courrier reste échu. Ensuite, un courrier neuf : "
            f"educonnect-admin letters resend {done.other} --output courriers --reason MOTIF"
        )
    return said
