"""Refusals of the review queue: a question that can't be answered so."""

from collections.abc import Mapping

from educonnect_admin.cli.exit_codes import REFUSED, USAGE
from educonnect_admin.cli.refusals.words import Words
from educonnect_admin.domain import desk_errors as desk
from educonnect_admin.domain.errors import EduConnectError

_LIST = "educonnect-admin roster review"
_FITTING = {
    "ambiguous_link": "--pupil ELEVE ou --none",
    "no_child": "--pupil ELEVE ou --none",
    "ambiguous_guardian": "--record FICHE ou --new",
    "merge_proposal": "--same ou --different",
}
_RESOLUTIONS = {
    "answered": "les faits y ont répondu",
    "linked": "l'élève a été choisi",
    "nobody": "l'enfant n'est aucun élève",
    "known_record": "la fiche a été choisie",
    "new_record": "une fiche nouvelle a été demandée",
    "same_person": "une seule personne",
    "two_people": "deux personnes",
}


def _nothing_to_take_back(error: desk.NothingToTakeBack) -> str:
    if error.resolution is None:
        return f"La question {error.number} attend encore sa réponse : il n'y a rien à retirer."
    if error.resolution == "linked":
        return (
            f"La réponse à la question {error.number} a rattaché un enfant : elle ne se retire "
            "pas. Corrigez le fichier de l'école, qui détache les enfants qu'il ne nomme plus."
        )
    if error.resolution == "same_person":
        return (
            f"La réponse à la question {error.number} a réuni les deux fiches sur un compte. Si "
            "deux comptes ont été regroupés, annulez-le : educonnect-admin accounts undo-regroup "
            "IDENTIFIANT --reason MOTIF"
        )
    return (
        f"La question {error.number} n'a pas de réponse de quelqu'un : les faits y ont répondu, "
        "il n'y a rien à retirer."
    )


REVIEW: Mapping[type[EduConnectError], Words] = {
    desk.UnknownQuestion: Words(
        REFUSED,
        lambda e: f"Aucune question ne porte le numéro {e.number}. Celles qui attendent : {_LIST}",
    ),
    desk.QuestionAnswered: Words(
        REFUSED,
        lambda e: (
            f"La question {e.number} a déjà sa réponse : {_RESOLUTIONS[e.resolution]}. Rien n'a "
            f"été fait. Celles qui attendent : {_LIST}"
        ),
    ),
    desk.AnswerDoesNotFit: Words(
        REFUSED,
        lambda e: (
            f"Cette réponse ne convient pas à la question {e.number} : il faut "
            f"{_FITTING[e.kind]}. Rien n'a été fait."
        ),
    ),
    desk.NoAnswer: Words(
        USAGE,
        lambda _: (
            "Il manque la réponse : --pupil ou --none pour un enfant, --record ou --new pour un "
            f"responsable, --same ou --different pour deux fiches. Voyez : {_LIST}"
        ),
    ),
    desk.NotAPupilHere: Words(
        REFUSED,
        lambda e: (
            f"L'élève n° {e.pupil_id} n'est pas inscrit dans l'école de la question {e.number}. "
            "Importez d'abord le fichier de ses élèves, ou choisissez un autre élève : "
            "educonnect-admin pupils find TEXTE"
        ),
    ),
    desk.NotARecordHere: Words(
        REFUSED,
        lambda e: (
            f"La fiche {e.record} n'est pas de l'école de la question {e.number}. Les fiches "
            f"possibles sont dans la liste : {_LIST}"
        ),
    ),
    desk.ContradictsAnswers: Words(
        REFUSED,
        lambda e: (
            f"La réponse à la question {e.number} contredit "
            + (f"celle de la question {e.earlier}" if e.earlier else "celles d'autres questions")
            + " : par les fiches qu'elles ont en commun, une même personne en serait deux. Rien "
            "n'a été fait. Pour retirer une réponse : educonnect-admin roster review resolve "
            f"{e.earlier or 'NUMERO'} --reopen --reason MOTIF"
        ),
    ),
    desk.NothingToTakeBack: Words(REFUSED, _nothing_to_take_back),
    desk.KeepsNeither: Words(
        REFUSED,
        lambda e: (
            f"Le compte {e.identifier} n'est aucun de ceux de la question {e.number}. Avec --keep, "
            + (
                f"choisissez {' ou '.join(e.identifiers)}."
                if e.identifiers
                else "il faut un compte, et ces deux fiches n'en ont pas encore."
            )
        ),
    ),
}
