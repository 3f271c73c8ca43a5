"""Refusals of the desk: accounts, pupils and guardians by their identifiers and numbers."""

from collections.abc import Mapping

from educonnect_admin.cli.exit_codes import REFUSED, USAGE
from educonnect_admin.cli.refusals.words import Words
from educonnect_admin.domain import desk_errors as desk
from educonnect_admin.domain.errors import EduConnectError


def _ended(error: desk.AccountEnded) -> str:
    if error.principal:
        return (
            f"Le compte {error.identifier} ne sera plus utilisable : il a été regroupé dans "
            f"{error.principal}. Travaillez sur ce compte-là, ou annulez le regroupement : "
            f"educonnect-admin accounts undo-regroup {error.identifier} --reason MOTIF"
        )
    return (
        f"Le compte {error.identifier} est fermé. S'il doit resservir : "
        f"educonnect-admin accounts reopen {error.identifier} --reason MOTIF"
    )


DESK: Mapping[type[EduConnectError], Words] = {
    desk.UnknownAccount: Words(
        REFUSED,
        lambda e: (
            f"Aucun compte ne porte l'identifiant «{e.identifier}». Cherchez-le par un nom, un "
            f"enfant, une adresse mail ou un mobile : educonnect-admin accounts find TEXTE"
        ),
    ),
    desk.UnknownPupil: Words(
        REFUSED,
        lambda e: (
            f"Aucun élève ne porte l'INE ou le numéro «{e.asked}». Cherchez-le par son nom : "
            "educonnect-admin pupils find TEXTE"
        ),
    ),
    desk.AmbiguousPupil: Words(
        REFUSED,
        lambda e: (
            f"Plusieurs élèves portent l'INE {e.ine} : les numéros "
            f"{' et '.join(map(str, e.numbers))}. Recommencez avec le numéro de l'un d'eux ; pour "
            f"les distinguer : educonnect-admin pupils show {e.numbers[0]}"
        ),
    ),
    desk.UnknownGuardian: Words(
        REFUSED,
        lambda e: (
            f"Aucune fiche de responsable ne porte le numéro {e.number}. Les numéros des fiches "
            "d'un compte sont donnés par : educonnect-admin accounts show IDENTIFIANT"
        ),
    ),
    desk.AccountEnded: Words(REFUSED, _ended),
    desk.AlreadyActive: Words(
        REFUSED,
        lambda e: (
            f"Le compte {e.identifier} est activé et son adresse mail est confirmée : il n'a pas "
            "besoin de courrier. Sur la page de connexion, «Mot de passe oublié ?» suffit ; "
            "un rappel sans mot de passe s'envoie par : "
            f"educonnect-admin letters resend {e.identifier} --email --reason MOTIF"
        ),
    ),
    desk.NoEnrolledChild: Words(
        REFUSED,
        lambda e: (
            f"Aucun enfant inscrit n'est rattaché au compte {e.identifier} : personne ne peut "
            "porter de courrier. Vérifiez le rattachement dans le fichier de l'école, puis "
            "importez-le de nouveau."
        ),
    ),
    desk.NoAddress: Words(
        REFUSED,
        lambda e: (
            f"Aucune adresse mail utilisable n'est connue pour le compte {e.identifier}. "
            "Remettez un courrier sur papier (--output DOSSIER), ou inscrivez l'adresse vérifiée : "
            "educonnect-admin guardians correct NUMERO --email ADRESSE --reason MOTIF"
        ),
    ),
    desk.AccountChanged: Words(
        REFUSED,
        lambda e: (
            f"Le compte {e.identifier} vient de changer pendant que son message se préparait : "
            "rien n'a été fait pour lui. Regardez-le, puis recommencez : "
            f"educonnect-admin accounts show {e.identifier}"
        ),
    ),
    desk.ReasonTooLong: Words(
        USAGE,
        lambda e: f"Le motif (--reason) ne doit être ni vide ni plus long que {e.most} signes.",
    ),
}
