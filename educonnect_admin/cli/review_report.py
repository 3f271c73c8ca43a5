"""What the review queue tells: each question, whom it may be about, what to do."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from educonnect_admin.cli.speech import Speech, counted
from educonnect_admin.domain.people import ReviewKind

if TYPE_CHECKING:
    from educonnect_admin.queries.review import OpenQuestion, Someone

Named = Mapping[str, Any]

_ADVICE = {
    ReviewKind.AMBIGUOUS_LINK: "Si leurs classes diffèrent, précisez celle de l'enfant sur la "
    "fiche du responsable dans ONDE et importez de nouveau. Dans une même classe, rien ne les "
    "distingue : ce lien attend, et ce responsable n'a de courrier que pour ses autres enfants.",
    ReviewKind.AMBIGUOUS_GUARDIAN: "Complétez l'adresse mail ou le mobile de chacun dans ONDE, "
    "pour que leurs fiches se distinguent, puis importez de nouveau.",
    ReviewKind.NO_CHILD: "Vérifiez l'orthographe du nom de l'enfant sur les deux fiches dans ONDE "
    "et importez aussi le fichier des élèves. Sans enfant dans l'école, il n'y aura pas de compte.",
}
_REFUSED_ROW = (
    "La ligne de cet enfant a peut-être été refusée : corrigez-la d'abord dans ONDE, puis "
    "importez de nouveau."
)


def tell_questions(speech: Speech, questions: "Sequence[OpenQuestion]") -> None:
    """Tell every question that waits, with what to do about it."""
    if not questions:
        speech.say("Rien n'attend : aucune question ouverte.")
    for question in questions:
        sentence = question_sentence(
            question.kind, question.guardian, question.children, refused_row=question.refused_row
        )
        speech.show(f"n° {question.id} ({question.uai}) {sentence}")
        for someone in question.candidates:
            speech.show(f"    possible : {_someone(someone)}")
        speech.show(f"    → {_advice(question.kind, refused_row=question.refused_row)}")
    if questions:
        said = "question ouverte", "questions ouvertes"
        speech.show(f"{counted(len(questions), *said)}. Personne n'a été deviné.")
    speech.result({"items": [_as_json(question) for question in questions]})


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
    label = f", {someone.class_label}" if someone.class_label else ""
    return f"{someone.given_name} {someone.family_name}{label} (n° {someone.id})"


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
             "family_name": someone.family_name, "class": someone.class_label}
            for someone in question.candidates
        ],
        "refused_row": question.refused_row,
        "advice": _advice(question.kind, refused_row=question.refused_row),
    }  # fmt: skip
