"""What answering questions of the queue does, or would do, in sentences."""

from typing import TYPE_CHECKING, Any

from educonnect_admin.cli.speech import Speech
from educonnect_admin.domain.people import ReviewResolution

if TYPE_CHECKING:
    from educonnect_admin.office.answering.answers import AnsweredQuestion, Resolved

_NEXT_IMPORT = "Cela vaut pour le prochain import de ce fichier."
_REMEMBERED = "La réponse est gardée : la question ne sera plus posée."


def foreseen(done: "Resolved") -> str:
    """Return what would be done, before somebody agrees to it."""
    return "\n".join(f"n° {one.number} : {_will(one)}" for one in done.questions)


def tell_answers(speech: Speech, done: "Resolved", *, dry_run: bool) -> None:
    """Tell what was done, question by question, and how to go back where one can."""
    for one in done.questions:
        speech.say(f"n° {one.number} : {_will(one) if dry_run else _was(one)}")


def _will(one: "AnsweredQuestion") -> str:
    effect = one.effect
    if one.resolution is None:
        return "la réponse est retirée, la question attend de nouveau."
    if one.resolution is ReviewResolution.LINKED:
        if not effect.linked:
            return f"{effect.pupil} est déjà rattaché(e) à {effect.guardian} : rien à changer."
        return f"{effect.pupil} sera rattaché(e) à {effect.guardian}."
    if one.resolution is ReviewResolution.SAME_PERSON:
        if effect.other:
            return (
                f"les fiches de {effect.other} iront sur {effect.identifier}, et "
                f"{effect.other} ne sera plus utilisable."
            )
        if effect.identifier:
            return f"les deux fiches seront sur le compte {effect.identifier}."
    return _remembered(one)


def _was(one: "AnsweredQuestion") -> str:
    effect = one.effect
    if one.resolution is ReviewResolution.LINKED and effect.linked:
        return f"{effect.pupil} est rattaché(e) à {effect.guardian}. {_REMEMBERED}"
    if one.resolution is ReviewResolution.SAME_PERSON and effect.other:
        return (
            f"les fiches de {effect.other} sont réunies à {effect.identifier} ; {effect.other} ne "
            "sera plus utilisable. Pour revenir en arrière : educonnect-admin accounts "
            f"undo-regroup {effect.other} --reason MOTIF"
        )
    if one.resolution is ReviewResolution.SAME_PERSON and effect.identifier:
        return f"les deux fiches sont sur le compte {effect.identifier}. {_REMEMBERED}"
    return _will(one)


def _remembered(one: "AnsweredQuestion") -> str:
    """Return what an answer means that does nothing at once."""
    if one.resolution is ReviewResolution.SAME_PERSON:
        return (
            "une seule personne, encore sans compte : accounts generate ouvrira un seul compte "
            f"pour les deux fiches. {_REMEMBERED}"
        )
    if one.resolution is ReviewResolution.KNOWN_RECORD:
        return f"le responsable est la fiche {one.effect.answer_id}. {_NEXT_IMPORT}"
    if one.resolution is ReviewResolution.NEW_RECORD:
        return f"le responsable aura une fiche nouvelle. {_NEXT_IMPORT}"
    if one.resolution is ReviewResolution.TWO_PEOPLE:
        return f"deux personnes. {_REMEMBERED}"
    return f"l'enfant n'est aucun élève de l'école. {_REMEMBERED}"


def answered_as_json(done: "Resolved", *, dry_run: bool) -> dict[str, Any]:
    """Return the answers as a program reads them."""
    return {
        "changed": done.changed,
        "dry_run": dry_run,
        "items": [
            {
                "id": one.number,
                "kind": str(one.kind),
                "resolution": str(one.resolution) if one.resolution else None,
                "answer_id": one.effect.answer_id,
                "linked": one.effect.linked,
                "identifier": one.effect.identifier,
                "other": one.effect.other,
            }
            for one in done.questions
        ],
    }
