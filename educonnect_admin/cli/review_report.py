"""What the review queue tells: each question, whom it may be about, how to answer it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from educonnect_admin.cli.speech import Speech, counted
from educonnect_admin.domain.people import ReviewKind

if TYPE_CHECKING:
    from educonnect_admin.queries.proposals import OpenProposal
    from educonnect_admin.queries.review import OpenQuestion, Someone

Named = Mapping[str, Any]

_ADVICE = {
    ReviewKind.AMBIGUOUS_LINK: "Si leurs classes diffèrent, précisez celle de l'enfant sur la "
    "fiche du responsable dans ONDE et importez de nouveau. Dans une même classe, rien ne les "
    "distingue dans le fichier : demandez à la famille.",
    ReviewKind.AMBIGUOUS_GUARDIAN: "Complétez l'adresse mail ou le mobile de chacun dans ONDE, "
    "pour que leurs fiches se distinguent, puis importez de nouveau.",
    ReviewKind.NO_CHILD: "Vérifiez l'orthographe du nom de l'enfant sur les deux fiches dans ONDE "
    "et importez aussi le fichier des élèves. Sans enfant dans l'école, il n'y aura pas de compte.",
}
_REFUSED_ROW = (
    "La ligne de cet enfant a peut-être été refusée : corrigez-la d'abord dans ONDE, puis "
    "importez de nouveau."
)
_RESOLVE = "educonnect-admin roster review resolve"


def tell_queue(
    speech: Speech, questions: "Sequence[OpenQuestion]", proposals: "Sequence[OpenProposal]"
) -> None:
    """Tell all that waits: what files have asked, then who may be one person."""
    from educonnect_admin.cli.proposal_report import proposal_as_json, tell_proposal

    number = len(questions) + len(proposals)
    if not number:
        speech.say("Rien n'attend : aucune question ouverte.")
    for question in questions:
        _tell(speech, question)
    for proposal in proposals:
        tell_proposal(speech, proposal)
    if number:
        said = "question ouverte", "questions ouvertes"
        speech.show(f"{counted(number, *said)}. Personne n'a été deviné.")
    items = [*map(_as_json, questions), *map(proposal_as_json, proposals)]
    speech.result({"items": items})


def _tell(speech: Speech, question: "OpenQuestion") -> None:
    sentence = question_sentence(
        question.kind, question.guardian, question.children, refused_row=question.refused_row
    )
    speech.show(f"n° {question.id} ({question.uai}) {sentence}")
    for someone in question.candidates:
        speech.show(f"    possible : {_someone(someone)}")
    speech.show(f"    → {_advice(question.kind, refused_row=question.refused_row)}")
    for command, meaning in answers(question):
        speech.show(f"    {command}\n        {meaning}")


def question_sentence(
    kind: ReviewKind, guardian: Named, children: Sequence[Named], *, refused_row: bool
) -> str:
    """Return a question in one sentence."""
    who = f"{guardian['given_name']} {guardian['family_name']}"
    named = ", ".join(_child(child) for child in children) or "aucun enfant"
    if kind is ReviewKind.AMBIGUOUS_LINK:
        why = "sa ligne a peut-être été refusée" if refused_row else "plusieurs élèves possibles"
        return f"{who} : enfant {named} : {why}"
    if kind is ReviewKind.AMBIGUOUS_GUARDIAN:
        return f"{who} (enfants : {named}) : plusieurs fiches de responsables possibles"
    return f"{who} : aucun de ses enfants n'est dans l'école (nommés : {named})"


def _child(child: Named) -> str:
    label = f" ({child['class']})" if child.get("class") else ""
    return f"{child['given_name']} {child['family_name']}{label}"


def _someone(someone: "Someone") -> str:
    from educonnect_admin.letters.naming import addressed

    surname = someone.usage_name or someone.family_name
    facts = [addressed(someone.civility, someone.given_name, surname)]
    facts += [fact for fact in (someone.class_label, someone.city) if fact]
    if someone.birth_date:
        facts.append(f"né(e) le {someone.birth_date:%d/%m/%Y}")
    if someone.relatives:
        facts.append(f"avec {' et '.join(someone.relatives)}")
    return f"{', '.join(facts)} (n° {someone.id})"


def answers(question: "OpenQuestion") -> list[tuple[str, str]]:
    """Return the commands that would answer a question, each with what it means."""
    command = f"{_RESOLVE} {question.id}"
    chosen = str(question.candidates[0].id) if question.candidates else "NUMERO"
    if question.kind is ReviewKind.AMBIGUOUS_GUARDIAN:
        return [
            (f"{command} --record {chosen} --reason MOTIF", "c'est cette fiche"),
            (f"{command} --new --reason MOTIF", "c'est quelqu'un d'autre, encore inconnu"),
        ]
    return [
        (f"{command} --pupil {chosen} --reason MOTIF", "l'enfant est cet élève"),
        (f"{command} --none --reason MOTIF", "l'enfant n'est aucun élève de l'école"),
    ]


def _advice(kind: ReviewKind, *, refused_row: bool) -> str:
    return _REFUSED_ROW if refused_row else _ADVICE[kind]


def _as_json(question: "OpenQuestion") -> dict[str, Any]:
    return {
        "id": question.id,
        "school": question.uai,
        "kind": str(question.kind),
        "asked_at": question.asked_at.isoformat(),
        "guardian": {"id": question.guardian_id, **question.guardian},
        "children": question.children,
        "candidates": [
            {"id": someone.id, "given_name": someone.given_name,
             "family_name": someone.family_name, "usage_name": someone.usage_name,
             "class": someone.class_label, "birth_date": someone.birth_date,
             "relatives": list(someone.relatives)}
            for someone in question.candidates
        ],
        "refused_row": question.refused_row,
        "advice": _advice(question.kind, refused_row=question.refused_row),
        "commands": [command for command, _ in answers(question)],
    }  # fmt: skip
