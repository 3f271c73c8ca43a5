"""How a proposal to merge is told: the two records, the evidence, the score, how to answer."""

from typing import TYPE_CHECKING, Any

from educonnect_admin.cli.evidence_words import evidence_words, listed
from educonnect_admin.cli.speech import Speech

if TYPE_CHECKING:
    from educonnect_admin.queries.proposals import OpenProposal, ProposedRecord

_RESOLVE = "educonnect-admin roster review resolve"
_ADVICE = (
    "Demandez à l'école ou à la famille si c'est une seule personne ; rien n'est réuni sans "
    "votre réponse."
)


def tell_proposal(speech: Speech, proposal: "OpenProposal") -> None:
    """Tell one proposal to a person."""
    speech.show(
        f"n° {proposal.id} ({proposal.uai}) une seule personne ? {proposal.score} points sur 100"
    )
    for record in (proposal.one, proposal.other):
        speech.show(f"    fiche {record.id} : {_record(record)}")
    speaking_for, against = evidence_words(proposal)
    speech.show(f"    pour : {listed(speaking_for)}")
    if against:
        speech.show(f"    contre : {listed(against)}")
    for command, meaning in _answers(proposal):
        speech.show(f"    {command}\n        {meaning}")


def _record(record: "ProposedRecord") -> str:
    from educonnect_admin.cli.state_words import state_words
    from educonnect_admin.letters.naming import addressed

    name = addressed(record.civility, record.given_name, record.usage_name or record.family_name)
    if record.usage_name:
        name += f" (nom de famille {record.family_name})"
    account = "sans compte"
    if record.identifier and record.state:
        account = f"compte {record.identifier}, {state_words(record.state)}"
    children = ", ".join(record.children) or "aucun enfant"
    return f"{name}, {record.school_name} ({children}), {account}"


def _answers(proposal: "OpenProposal") -> list[tuple[str, str]]:
    command = f"{_RESOLVE} {proposal.id}"
    return [
        (f"{command} --same --reason MOTIF", "c'est une seule personne : un seul compte"),
        (f"{command} --different --reason MOTIF", "ce sont deux personnes : plus jamais proposé"),
    ]


def proposal_as_json(proposal: "OpenProposal") -> dict[str, Any]:
    """Return a proposal as a program reads it, with the keys of every other question."""
    speaking_for, against = evidence_words(proposal)
    return {
        "id": proposal.id,
        "school": proposal.uai,
        "kind": "merge_proposal",
        "asked_at": proposal.asked_at.isoformat(),
        "guardian": _as_json(proposal.one),
        "other": _as_json(proposal.other),
        "children": [],
        "candidates": [],
        "refused_row": False,
        "score": proposal.score,
        "evidence": [{"code": code, "weight": weight} for code, weight in proposal.evidence],
        "for": speaking_for,
        "against": against,
        "advice": _ADVICE,
        "commands": [command for command, _ in _answers(proposal)],
    }


def _as_json(record: "ProposedRecord") -> dict[str, Any]:
    return {
        "id": record.id,
        "school": record.uai,
        "civility": record.civility,
        "family_name": record.family_name,
        "usage_name": record.usage_name,
        "given_name": record.given_name,
        "identifier": record.identifier,
        "state": record.state,
        "children": list(record.children),
    }
