"""What an import tells a director: numbers, who came and went, what to correct, what next."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from educonnect_admin.cli.plan_people import Manner, tell_moving, tell_people, tell_waiting
from educonnect_admin.cli.problem_list import Placed, problem_as_json, tell_problems
from educonnect_admin.cli.reading_report import FORMATS, KINDS
from educonnect_admin.cli.speech import Speech, counted
from educonnect_admin.rosters.rows import FileKind

if TYPE_CHECKING:
    from educonnect_admin.cli.rejects import Rejects, Returning
    from educonnect_admin.office.importing.plan_figures import Heads
    from educonnect_admin.office.importing.roster_plan import RosterPlan


def tell_import(
    speech: Speech,
    plan: "RosterPlan",
    uai: str,
    *,
    dry_run: bool,
    told: Mapping[str, Any],
    returning: "Returning | None" = None,
) -> None:
    """Tell what an import did, or would do, and give its refused rows back.

    Args:
        speech: How.
        plan: What was applied.
        uai: The school.
        dry_run: It was not kept.
        told: What else a program reads: `reopened`, the accounts of children who are back.
        returning: What becomes of the refused rows.
    """
    if dry_run:
        speech.say("Essai : rien n'a été écrit. Voici ce que ferait cet import.")
    tell_figures(speech, plan)
    if not plan.changes_something:
        speech.say("Rien n'a changé depuis le dernier import.")
    if told["reopened"]:
        said = "compte rouvert", "comptes rouverts"
        speech.say(f"{counted(told['reopened'], *said)} : leurs enfants sont revenus.")
    tell_people(speech, plan, Manner(conditional=dry_run))
    tell_problems(speech, placed(plan))
    tell_waiting(speech, plan, uai)
    rejects = None
    try:
        rejects = returning.finish(speech) if returning else None
    finally:
        # The import is done, whatever became of the workbook.
        speech.say()
        speech.say(f"Ensuite : {_next_step(plan, uai, dry_run=dry_run)}")
        result = plan_as_json(plan, uai, dry_run=dry_run, rejects=rejects)
        speech.result({**result, **told})


def tell_figures(speech: Speech, plan: "RosterPlan") -> None:
    """Tell which files were read, and how many people come, change, stay and go."""
    for file in plan.files:
        speech.say(
            f"{file.name} : {KINDS[file.kind]}, {FORMATS.get(file.format, file.format)}, "
            f"{file.encoding}, {counted(file.rows, 'ligne')}"
        )
    tell_numbers(speech, plan)


def tell_numbers(speech: Speech, plan: "RosterPlan") -> None:
    """Tell how many people come, change, stay and go."""
    speech.table(["", "Nouveaux", "Modifiés", "Inchangés", "Partis"], _numbers(plan))


def tell_refusal(speech: Speech, plan: "RosterPlan") -> None:
    """Before an import is refused as a whole, tell what helps to decide."""
    if not plan.accepted:
        tell_problems(speech, placed(plan))
        return
    tell_moving(speech, plan, Manner(conditional=True))


def placed(plan: "RosterPlan") -> list[Placed]:
    """Return the problems of a plan, each with the name of its file."""
    files = plan.files
    return [
        Placed(files[one.file].name, one.problem, files[one.file].format) for one in plan.problems
    ]


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


def _next_step(plan: "RosterPlan", uai: str, *, dry_run: bool) -> str:
    if dry_run:
        return "la même commande sans --dry-run"
    if all(file.kind is FileKind.PUPILS for file in plan.files):
        return f"educonnect-admin roster import RESPONSABLES --school {uai}"
    return f"educonnect-admin accounts generate --school {uai}"


def plan_as_json(
    plan: "RosterPlan", uai: str, *, dry_run: bool, rejects: "Rejects | None" = None
) -> dict[str, Any]:
    """Return an import as programs read it."""
    return {
        "school": uai,
        "dry_run": dry_run,
        "new": _heads(plan.new),
        "changed": _heads(plan.changed),
        "unchanged": _heads(plan.unchanged),
        "departed": _heads(plan.departed),
        "returned": plan.returned,
        "moved": plan.moved,
        "ambiguous": len(plan.open_questions),
        "refused": plan.refused,
        "remarks": plan.remarks,
        "rejects": str(rejects.path) if rejects and rejects.path else None,
        "rejected_rows": rejects.rows if rejects else 0,
        "files": [
            {"path": file.name, "sha256": file.sha256, "kind": str(file.kind),
             "format": file.format, "encoding": file.encoding, "rows": file.rows}
            for file in plan.files
        ],
        "problems": [
            {"path": one.file, **problem_as_json(one.problem, one.form)} for one in placed(plan)
        ],
    }  # fmt: skip


def _heads(heads: "Heads") -> dict[str, int]:
    return {"pupils": heads.pupils, "guardians": heads.guardians, "links": heads.links}
