"""What is said of the trail: an entry after the other, and what a broken chain means."""

from datetime import UTC
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from educonnect_admin.cli.speech import Speech, counted
from educonnect_admin.cli.trail_words import told
from educonnect_admin.domain.trail import TrailKind
from educonnect_admin.domain.trail_breaks import BreakCause, ChainReport

if TYPE_CHECKING:
    from educonnect_admin.office.verify_trail import TrailVerdict
    from educonnect_admin.queries.trail_list import TrailLine, TrailPage

OFFICE = "bureau"
"""What stands for the number of a school where the chain is that of the office."""
_BROKEN_SHOWN = 20

_CAUSES = {
    BreakCause.CHANGED: "cette entrée n'est plus celle qui a été écrite",
    BreakCause.MISSING: "cette entrée a été retirée",
    BreakCause.RENUMBERED: "le numéro interne de cette entrée a été changé",
    BreakCause.REASON_CHANGED: "le motif de cette entrée n'est plus celui qui a été donné",
    BreakCause.CUT: "la fin a été coupée à partir de cette entrée",
    BreakCause.UNTOLD: "à partir de cette entrée, la fin n'est pas celle qui a été scellée",
    BreakCause.NO_HEAD: "la tête, qui dit où le journal finit, a été retirée",
    BreakCause.FORGED_HEAD: "la tête, qui dit où le journal finit, a été changée",
    BreakCause.GONE: "il n'en reste rien, alors qu'il doit exister",
    BreakCause.NO_SCHOOL: "l'école dont il parle n'est plus dans la base",
    BreakCause.BEFORE_KEPT: (
        "il finit avant la tête notée : une base plus ancienne a été remise en place, ou la fin "
        "a été coupée"
    ),
    BreakCause.BESIDE_KEPT: "il ne passe pas par la tête notée : ce n'est pas le même passé",
}


def tell_entries(
    speech: Speech, page: "TrailPage", zone: ZoneInfo, *, with_school: bool, with_account: bool
) -> None:
    """Show the entries, the newest first; nothing of a reason is cut off."""
    if not page.lines:
        speech.say("Le journal ne contient aucune entrée qui réponde à la demande.")
        return
    widest = max(len(line.operator) for line in page.lines)
    for line in page.lines:
        sentence = _sentence(line, zone, widest, with_school=with_school, with_account=with_account)
        speech.show(sentence)
    more = page.total - len(page.lines)
    if more:
        older = counted(more, "entrée plus ancienne", "entrées plus anciennes")
        speech.say(f"… et {older} : --limit {page.total} les montre toutes.")


def _sentence(
    line: "TrailLine", zone: ZoneInfo, widest: int, *, with_school: bool, with_account: bool
) -> str:
    moment = line.happened_at
    when = moment.astimezone(zone).strftime("%d/%m/%Y %H:%M") if moment else "date illisible"
    place = f"{_place(line):<8} " if with_school else ""
    what = _told(line)
    if with_account and line.account_id is not None:
        what += f" : {line.identifier or f'compte n° {line.account_id}'}"
    why = [f"«{' '.join(line.reason.split())}»"] if line.reason else []
    number = f"{place}n° {line.sequence:<4}"
    return "  ".join([when, number, line.operator.ljust(widest), what, *why])


def _place(line: "TrailLine") -> str:
    return line.uai or (OFFICE if line.chain == 0 else f"n° {line.chain}")


def _told(line: "TrailLine") -> str:
    try:
        return told(TrailKind(line.kind), line.details)
    except ValueError:
        return line.kind


def entry_for_program(line: "TrailLine") -> dict[str, Any]:
    """Return an entry as JSON holds it; `school` is null in the chain of the office."""
    moment = line.happened_at
    return {
        "chain": line.chain,
        "school": line.uai,
        "sequence": line.sequence,
        "happened_at": moment.astimezone(UTC).isoformat() if moment else None,
        "operator": line.operator,
        "kind": line.kind,
        "account": line.identifier,
        "account_id": line.account_id,
        "guardian": line.guardian_id,
        "pupil": line.pupil_id,
        "letter": line.letter_id,
        "batch": line.batch_id,
        "details": dict(line.details),
        "reason": line.reason,
    }


def verdict_for_program(verdict: "TrailVerdict") -> dict[str, Any]:
    """Return what following the chains came to."""
    breaks = [_break(chain) for chain in verdict.broken]
    return {
        "verified": not breaks,
        "broken_at": breaks[0] if breaks else None,
        "breaks": breaks,
        "entries_verified": verdict.entries,
        "heads": [
            {"school": chain.uai, "chain": chain.chain, "count": chain.count,
             "digest": chain.digest}
            for chain in verdict.chains if chain.broken is None
        ],
    }  # fmt: skip


def _break(chain: ChainReport) -> dict[str, Any]:
    assert chain.broken is not None  # noqa: S101 - only broken chains come here
    return {
        "school": chain.uai,
        "chain": chain.chain,
        "sequence": chain.broken.sequence,
        "why": chain.broken.cause.value,
    }


def tell_verdict(speech: Speech, verdict: "TrailVerdict", *, compared: int) -> None:
    """Say whether the trail is whole, and give the heads to keep elsewhere."""
    for chain in verdict.chains:
        if chain.broken is None:
            speech.show(f"{chain.uai or OFFICE}:{chain.count}:{chain.digest}")
    if verdict.broken:
        _tell_broken(speech, verdict)
        return
    followed = counted(len(verdict.chains), "journal suivi", "journaux suivis")
    entries = counted(verdict.entries, "entrée vérifiée", "entrées vérifiées")
    speech.say(f"{followed}, {entries} : rien n'a été changé ni retiré.")
    if compared:
        heads = counted(compared, "tête notée", "têtes notées")
        speech.say(f"Le journal passe bien par {heads}.")
    else:
        speech.say(
            "Gardez ces lignes ailleurs que dans la base (un fichier sur un autre poste) : elles "
            "diront un jour si une base plus ancienne a été remise en place. Pour comparer : "
            "educonnect-admin audit trail --verify --expect FICHIER"
        )


def _tell_broken(speech: Speech, verdict: "TrailVerdict") -> None:
    for chain in verdict.broken[:_BROKEN_SHOWN]:
        assert chain.broken is not None  # noqa: S101 - only broken chains come here
        speech.warn(
            f"Le journal {_owner(chain)} est rompu à l'entrée {chain.broken.sequence} : "
            f"{_CAUSES[chain.broken.cause]}."
        )
    more = len(verdict.broken) - _BROKEN_SHOWN
    if more > 0:
        speech.warn(f"… et {counted(more, 'autre journal rompu', 'autres journaux rompus')}.")
    speech.warn(
        "Quelqu'un a écrit dans la base sans passer par ce programme, ou elle est abîmée : ce que "
        "le journal dit à partir de là ne prouve plus rien. N'écrivez plus dans cette base, "
        "gardez-en une copie, prévenez le responsable de la sécurité, puis remettez en place la "
        "dernière sauvegarde qui passe par la dernière tête notée : "
        "educonnect-admin audit trail --verify --expect TETE"
    )


def _owner(chain: ChainReport) -> str:
    if chain.uai is not None:
        return f"de l'école {chain.uai}"
    return "du bureau" if chain.chain == 0 else f"n° {chain.chain}"
