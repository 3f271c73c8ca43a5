"""Whom a plan moves: who arrives, comes back, changes, leaves, and what nobody may guess."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from educonnect_admin.cli.speech import Speech, counted

if TYPE_CHECKING:
    from educonnect_admin.office.importing.roster_plan import Change, Question, RosterPlan

MANY = 20
"""How many names of one list are told; the others are counted."""

_FIELDS = {
    "ine": "INE",
    "family_name": "nom",
    "usage_name": "nom d'usage",
    "given_name": "prénom",
    "birth_date": "date de naissance",
    "source_birth_date": "date de naissance du fichier",
    "class_label": "classe",
    "level": "niveau",
    "source_id": "numéro du logiciel",
    "civility": "civilité",
    "email": "adresse mail",
    "mobile": "mobile",
    "street": "adresse",
    "postcode": "code postal",
    "city": "commune",
    "country": "pays",
    "source_email": "adresse mail du fichier",
    "source_mobile": "mobile du fichier",
    "source_street": "adresse du fichier",
    "source_postcode": "code postal du fichier",
    "source_city": "commune du fichier",
    "source_country": "pays du fichier",
}


class Manner(NamedTuple):
    """How to tell: whether it is still to come, everybody by name, the values before and after."""

    conditional: bool = False
    everybody: bool = False
    values: bool = False


def tell_people(speech: Speech, plan: "RosterPlan", manner: Manner) -> None:
    """Tell by name who leaves, comes back, comes from elsewhere and changes."""
    tell_moving(speech, plan, manner)
    title = "Changeraient" if manner.conditional else "Modifiés"
    _tell_list(speech, title, _changes(plan, manner), manner)


def tell_moving(speech: Speech, plan: "RosterPlan", manner: Manner) -> None:
    """Tell by name who leaves, comes back and comes from another school."""
    from educonnect_admin.office.importing.roster_plan import Verdict

    leaving = "Partiraient" if manner.conditional else "Partis"
    _tell_list(speech, leaving, _departures(plan), manner)
    _tell_list(speech, "Revenus dans l'école", _named(plan, Verdict.RETURNED), manner)
    _tell_list(
        speech, "Arrivés d'une autre école (mêmes INE, noms et date de naissance)",
        _named(plan, Verdict.JOINED), manner,
    )  # fmt: skip


def tell_arrivals(speech: Speech, plan: "RosterPlan", manner: Manner) -> None:
    """Tell by name who is new, pupils and guardians."""
    from educonnect_admin.office.importing.roster_plan import Verdict

    _tell_list(speech, "Nouveaux élèves", _named(plan, Verdict.NEW), manner)
    guardians = (
        f"{one.facts.given_name} {one.facts.family_name}"
        for one in plan.guardians
        if one.verdict is Verdict.NEW
    )
    _tell_list(speech, "Nouveaux responsables", guardians, manner)


def _named(plan: "RosterPlan", verdict: object) -> Iterator[str]:
    for pupil in plan.pupils:
        if pupil.verdict is verdict:
            told = [pupil.row.class_label or ""]
            if pupil.from_school:
                told.append(f"vient de {pupil.from_school}")
            beside = ", ".join(one for one in told if one)
            name = f"{pupil.row.given_name} {pupil.row.family_name}"
            yield f"{name} ({beside})" if beside else name


def _departures(plan: "RosterPlan") -> Iterator[str]:
    for gone in plan.departures:
        label = f" ({gone.class_label})" if gone.class_label else ""
        yield f"{gone.given_name} {gone.family_name}{label}"


def _changes(plan: "RosterPlan", manner: Manner) -> Iterator[str]:
    for pupil in plan.pupils:
        if pupil.changes:
            yield _change(pupil.row.given_name, pupil.row.family_name, pupil.changes, manner)
    for guardian in plan.guardians:
        if guardian.changes:
            facts = guardian.facts
            yield _change(facts.given_name, facts.family_name, guardian.changes, manner)


def _change(given: str, family: str, changes: "Sequence[Change]", manner: Manner) -> str:
    """Say whose facts change and which; the values only where somebody wants to read them."""
    said = (
        f"{_FIELDS[one.field]} {_value(one.before)} → {_value(one.after)}"
        if manner.values
        else _FIELDS[one.field]
        for one in changes
    )
    return f"{given} {family} : {(' ; ' if manner.values else ', ').join(said)}"


def _value(value: object) -> str:
    if value is None:
        return "(vide)"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "«" + ", ".join(str(value).splitlines()) + "»"


def _tell_list(speech: Speech, title: str, names: Iterable[str], manner: Manner) -> None:
    found = list(names)
    if not found:
        return
    speech.say()
    speech.say(f"{title} : {len(found)}")
    shown = found if manner.everybody else found[:MANY]
    for name in shown:
        speech.say(f"  {name}")
    if len(found) > len(shown):
        speech.say(f"  … et {len(found) - len(shown)} de plus")


def tell_waiting(speech: Speech, plan: "RosterPlan", uai: str) -> None:
    """Tell which questions only a person can answer."""
    questions = plan.open_questions
    if not questions:
        return
    speech.say()
    said = "question pour une personne", "questions pour une personne"
    speech.say(f"{counted(len(questions), *said)} (personne n'a été deviné) :")
    for question in questions[:MANY]:
        speech.say(f"  {_question(question)}")
    if len(questions) > MANY:
        speech.say(f"  … et {len(questions) - MANY} de plus")
    speech.say(
        f"  La liste avec ce qu'il faut faire : educonnect-admin roster review --school {uai}"
    )


def _question(question: "Question") -> str:
    from educonnect_admin.cli.review_report import question_sentence

    children = [
        {"given_name": child.given_name, "family_name": child.family_name,
         "class": child.class_label}
        for child in question.children
    ]  # fmt: skip
    guardian = {
        "given_name": question.facts.given_name,
        "family_name": question.facts.family_name,
    }
    return question_sentence(question.kind, guardian, children, refused_row=question.refused_row)
