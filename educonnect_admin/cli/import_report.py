"""What an import tells a director: numbers, who came and went, what to correct, what next."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from educonnect_admin.cli.problem_list import problem_as_json, tell_problems
from educonnect_admin.cli.reading_report import FORMATS, KINDS
from educonnect_admin.cli.speech import Speech, counted

if TYPE_CHECKING:
    from educonnect_admin.office.importing.roster_plan import Heads, Question, RosterPlan

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


def tell_import(speech: Speech, plan: "RosterPlan", uai: str, *, dry_run: bool) -> None:
    """Tell what an import did, or would do."""
    if dry_run:
        speech.say("Essai : rien n'a été écrit. Voici ce que ferait cet import.")
    for file in plan.files:
        speech.say(
            f"{file.name} : {KINDS[file.kind]}, {FORMATS.get(file.format, file.format)}, "
            f"{file.encoding}, {counted(file.rows, 'ligne')}"
        )
    speech.table(["", "Nouveaux", "Modifiés", "Inchangés", "Partis"], _numbers(plan))
    if not plan.changes_something:
        speech.say("Rien n'a changé depuis le dernier import.")
    _tell_people(speech, plan)
    tell_problems(speech, placed(plan))
    tell_waiting(speech, plan, uai)
    speech.say()
    speech.say(f"Ensuite : {_next_step(plan, uai, dry_run=dry_run)}")
    speech.result(plan_as_json(plan, uai, dry_run=dry_run))


def tell_refusal(speech: Speech, plan: "RosterPlan") -> None:
    """Before an import is refused as a whole, tell what helps to decide."""
    if not plan.accepted:
        tell_problems(speech, placed(plan))
        return
    _tell_list(speech, "Partiraient", _departures(plan))


def placed(plan: "RosterPlan") -> list[Any]:
    """Return the problems of a plan, each with the name of its file."""
    return [(plan.files[found.file].name, found.problem) for found in plan.problems]


def _numbers(plan: "RosterPlan") -> list[tuple[object, ...]]:
    counted_heads = (plan.new, plan.changed, plan.unchanged, plan.departed)
    return [
        (label, *(getattr(heads, name) for heads in counted_heads))
        for label, name in (
            ("Élèves", "pupils"),
            ("Responsables", "guardians"),
            ("Rattachements", "links"),
        )
    ]


def _tell_people(speech: Speech, plan: "RosterPlan") -> None:
    from educonnect_admin.office.importing.roster_plan import Verdict

    _tell_list(speech, "Partis", _departures(plan))
    for title, verdict in (
        ("Revenus dans l'école", Verdict.RETURNED),
        ("Déjà inscrits dans une autre école, et ici aussi", Verdict.JOINED),
    ):
        names = (
            f"{pupil.row.given_name} {pupil.row.family_name}"
            for pupil in plan.pupils
            if pupil.verdict is verdict
        )
        _tell_list(speech, title, names)
    _tell_list(speech, "Modifiés", _changes(plan))


def _departures(plan: "RosterPlan") -> Iterator[str]:
    for gone in plan.departures:
        label = f" ({gone.class_label})" if gone.class_label else ""
        yield f"{gone.given_name} {gone.family_name}{label}"


def _changes(plan: "RosterPlan") -> Iterator[str]:
    """Say whose facts changed and which; the values are the families' own."""
    for pupil in plan.pupils:
        if pupil.changes:
            fields = ", ".join(_FIELDS[change.field] for change in pupil.changes)
            yield f"{pupil.row.given_name} {pupil.row.family_name} : {fields}"
    for guardian in plan.guardians:
        if guardian.changes:
            fields = ", ".join(_FIELDS[change.field] for change in guardian.changes)
            yield f"{guardian.facts.given_name} {guardian.facts.family_name} : {fields}"


def _tell_list(speech: Speech, title: str, names: Iterable[str]) -> None:
    found = list(names)
    if not found:
        return
    speech.say()
    speech.say(f"{title} : {len(found)}")
    for name in found[:MANY]:
        speech.say(f"  {name}")
    if len(found) > MANY:
        speech.say(f"  … et {len(found) - MANY} de plus")


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


def _next_step(plan: "RosterPlan", uai: str, *, dry_run: bool) -> str:
    if dry_run:
        return "la même commande sans --dry-run"
    if not any(KINDS[file.kind] == "responsables" for file in plan.files) and not plan.guardians:
        return f"educonnect-admin roster import RESPONSABLES --school {uai}"
    return f"educonnect-admin accounts generate --school {uai}"


def plan_as_json(plan: "RosterPlan", uai: str, *, dry_run: bool) -> dict[str, Any]:
    """Return an import as programs read it."""
    return {
        "school": uai,
        "dry_run": dry_run,
        "new": _heads(plan.new),
        "changed": _heads(plan.changed),
        "unchanged": _heads(plan.unchanged),
        "departed": _heads(plan.departed),
        "ambiguous": len(plan.open_questions),
        "refused": plan.refused,
        "remarks": plan.remarks,
        "rejects": None,
        "files": [
            {"path": file.name, "sha256": file.sha256, "kind": str(file.kind),
             "format": file.format, "encoding": file.encoding, "rows": file.rows}
            for file in plan.files
        ],
        "problems": [
            {"path": name, **problem_as_json(problem)} for name, problem in placed(plan)
        ],
    }  # fmt: skip


def _heads(heads: "Heads") -> dict[str, int]:
    return {"pupils": heads.pupils, "guardians": heads.guardians, "links": heads.links}
