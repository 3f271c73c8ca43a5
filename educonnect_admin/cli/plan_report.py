"""What `roster plan` shows: an import not made yet, field by field, and how to make it."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from educonnect_admin.cli.failures import explain
from educonnect_admin.cli.import_report import placed, plan_as_json, tell_figures
from educonnect_admin.cli.plan_people import Manner, tell_arrivals, tell_people, tell_waiting
from educonnect_admin.cli.problem_list import tell_problems
from educonnect_admin.cli.speech import Speech

if TYPE_CHECKING:
    from educonnect_admin.domain.errors import EduConnectError
    from educonnect_admin.office.importing.plan_file import KeptPlan
    from educonnect_admin.office.importing.roster_plan import Change


def tell_plan(
    speech: Speech,
    kept: "KeptPlan",
    path: Path | None,
    danger: "EduConnectError | None",
    *,
    everybody: bool,
) -> None:
    """Tell a plan: numbers, people, changes before and after, refusals, questions, what next.

    Args:
        speech: How.
        kept: The plan.
        path: Where it was written, if it was.
        danger: Why it would be refused as it is.
        everybody: Nobody is only counted.
    """
    plan, manner = kept.plan, Manner(conditional=True, everybody=everybody, values=True)
    speech.say(f"Plan d'import pour l'école {kept.school} : rien n'est écrit dans la base.")
    tell_figures(speech, plan)
    if not plan.changes_something:
        speech.say("Cet import ne changerait rien.")
    tell_arrivals(speech, plan, manner)
    tell_people(speech, plan, manner)
    tell_problems(speech, placed(plan))
    tell_waiting(speech, plan, kept.school)
    option = _told_danger(speech, danger)
    speech.say()
    speech.say(f"Empreinte du plan : {kept.sha256}")
    if path:
        speech.say(f"Plan écrit dans {path} ; il porte des noms et des dates de naissance.")
        speech.say(f"Ensuite : educonnect-admin roster apply {shlex.quote(str(path))}{option}")
    speech.result({**kept_as_json(kept, path), "needs": option.split()})


def _told_danger(speech: Speech, danger: "EduConnectError | None") -> str:
    """Tell what would stop the plan; return the option that confirms it, after a space."""
    from educonnect_admin.domain.errors import MassMove

    if danger is None:
        return ""
    option = "--accept-moves" if isinstance(danger, MassMove) else "--accept-departures"
    speech.say()
    speech.warn(f"À confirmer par {option}, sans quoi cet import est refusé :")
    speech.warn(f"  {explain(danger)[0]}")
    return f" {option}"


def kept_as_json(kept: "KeptPlan", path: Path | None) -> dict[str, Any]:
    """Return a plan as programs read it, with who changes and how."""
    return {
        **plan_as_json(kept.plan, kept.school, dry_run=True),
        "sha256": kept.sha256,
        "plan": str(path) if path else None,
        "changes": [
            *(
                {"pupil": one.pupil_id, "fields": _fields(one.changes)}
                for one in kept.plan.pupils
                if one.changes
            ),
            *(
                {"guardian": one.guardian_id, "fields": _fields(one.changes)}
                for one in kept.plan.guardians
                if one.changes
            ),
        ],
    }


def _fields(changes: "tuple[Change, ...]") -> dict[str, dict[str, Any]]:
    return {one.field: {"before": one.before, "after": one.after} for one in changes}
