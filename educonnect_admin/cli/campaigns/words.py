"""What a campaign says of a school, in sentences."""

from collections.abc import Iterator

from educonnect_admin.campaigns.outcomes import Outcome
from educonnect_admin.cli.failures import explain
from educonnect_admin.cli.refusals.dangers import Danger, danger_sentence
from educonnect_admin.cli.roster_words import problem_kind
from educonnect_admin.cli.speech import counted
from educonnect_admin.domain.campaigns import Figure
from educonnect_admin.rosters.problems import ProblemCode

RESUME = "Relancez la même commande : elle reprendra là où celle-ci s'est arrêtée."


def sentences(outcome: Outcome, workbook: str = "") -> list[str]:
    """Return why a school failed, or what somebody should look at there; maybe nothing.

    Args:
        outcome: How it came out.
        workbook: Where its refused rows were written, if they were.
    """
    if outcome.error is not None:
        if isinstance(outcome.error, Danger):
            return [danger_sentence(outcome.error, "confirmez pour cette école seule")]
        return [explain(outcome.error)[0], *_returned(workbook)]
    return [*_remarks_on_letters(outcome), *_remarks_on_import(outcome, workbook)]


def _returned(workbook: str) -> list[str]:
    return [f"À corriger dans {workbook}, puis à importer tel quel."] if workbook else []


def _remarks_on_letters(outcome: Outcome) -> Iterator[str]:
    # The same words for every school: the report gathers those which have the same to do.
    figures = outcome.figures
    if unprintable := figures.get(Figure.UNPRINTABLE, 0):
        yield (
            f"{counted(unprintable, 'courrier')} sans page qui convienne : "
            "letters issue --school UAI --output DOSSIER --dry-run dit lesquels et pourquoi."
        )
    if taken_back := figures.get(Figure.TO_REISSUE, 0):
        said = counted(taken_back, "courrier annulé", "courriers annulés")
        yield f"{said}, à refaire. {RESUME}"
    if waiting := figures.get(Figure.WAITING, 0):
        said = counted(waiting, "fichier attend son nom", "fichiers attendent leur nom")
        yield f"{said} dans le dossier : lancez letters recover quand le disque répond."
    if figures.get(Figure.OPEN_FOLDER, 0):
        yield (
            "Le dossier de l'école est ouvert à d'autres, qui peuvent lire ces mots de passe, et "
            "ses droits n'ont pas pu être changés : que son propriétaire le ferme (chmod 700)."
        )
    for host in dict.fromkeys(outcome.elsewhere):
        yield f"Un lot reste à terminer sur la machine {host} : lancez-y letters recover."


def _remarks_on_import(outcome: Outcome, workbook: str) -> Iterator[str]:
    figures = outcome.figures
    if refused := figures.get(Figure.REFUSED, 0):
        said = counted(refused, "ligne refusée", "lignes refusées")
        kinds = (f"{problem_kind(ProblemCode(c))} ({n})" for c, n in outcome.reasons.items())
        yield " ".join(
            [f"{' : '.join(filter(None, (said, ', '.join(kinds))))}.", *_returned(workbook)]
        )
    if refused and outcome.is_doubled:
        yield (
            "Plusieurs fichiers d'élèves nomment les mêmes : deux extractions dans un dossier ? "
            "Ne gardez que la dernière."
        )
    if figures.get(Figure.KEPT, 0):
        yield (
            "Une correction du bureau a été gardée contre le fichier : corrigez-la aussi dans le "
            "logiciel de l'école (roster plan FICHIERS --school UAI la montre)."
        )
    if figures.get(Figure.NO_PUPILS_FILE, 0):
        yield "Pas de fichier d'élèves : seuls des responsables sont venus. Demandez-le à l'école."
