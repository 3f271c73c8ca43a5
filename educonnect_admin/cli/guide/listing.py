"""Showing the files that were found: what each is, from which day, what speaks against it."""

from typing import TYPE_CHECKING, NamedTuple

from educonnect_admin.cli.failures import explain
from educonnect_admin.cli.guide.places import near
from educonnect_admin.cli.guide.searching import look_for_files
from educonnect_admin.cli.guide.visit import Answers, Visit
from educonnect_admin.cli.speech import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from educonnect_admin.cli.guide.candidates import Candidate
    from educonnect_admin.rosters.rows import Reading

AGAIN = "c"
MOST_LISTED = 5
MOST_ALMOST = 2
_NOTHING = (
    "Je n'ai trouvé aucun fichier d'élèves ni de responsables dans vos dossiers Téléchargements, "
    "Bureau et Documents."
)
_HOW_TO_EXPORT = (
    "Dans ONDE : Listes et documents, puis Extractions, puis «Elèves de l'école et leurs "
    "responsables». Il faut deux fichiers, les élèves et les responsables, tels quels. Dans "
    "SIECLE : ElevesSansAdresses et ResponsablesAvecAdresses, en XML. Enregistrez-les, puis "
    "appuyez sur Entrée : je chercherai de nouveau."
)
_HOW_TO_GIVE_ANOTHER = (
    "S'ils sont ailleurs, sur une clé USB par exemple, faites-les glisser dans cette fenêtre, ou "
    "tapez leur chemin."
)
_HOW_TO_GIVE = (
    "Tapez les numéros des fichiers à prendre, par exemple 1 2. Pour un autre fichier, faites-le "
    "glisser dans cette fenêtre, ou tapez son chemin."
)


class Listed(NamedTuple):
    """The files shown, by their numbers from 1; the first `proposed` ones are the proposal."""

    files: "tuple[Candidate, ...]"
    proposed: int

    @property
    def default(self) -> str:
        """The answer to propose; to look again, where nothing was found."""
        return " ".join(str(number + 1) for number in range(self.proposed)) or AGAIN


def list_files(visit: Visit, answers: Answers) -> Listed:
    """Show the files found, those to propose first, and how to choose."""
    from educonnect_admin.cli.guide.pairing import proposal

    found = look_for_files(visit)
    visit.person.tell()
    uai = answers.school.uai if answers.school else ""
    proposed = proposal(found.candidates, uai)
    others = [one for one in found.candidates if one not in proposed]
    files = (*proposed, *others)[:MOST_LISTED]
    if not files:
        visit.person.tell(_NOTHING)
    for number, one in enumerate(files, start=1):
        _tell_candidate(visit, uai, number, one)
    if len(found.candidates) > len(files):
        visit.person.tell(f"  … et {len(found.candidates) - len(files)} de plus, moins récents")
    if found.unopened:
        visit.person.tell(f"  Pas ouverts, trop gros ou trop anciens : {found.unopened}")
    for refusal in found.almost[:MOST_ALMOST]:
        visit.person.tell(f"  Pas pris : {explain(refusal)[0]}")
    visit.person.tell()
    listed = Listed(files, len(proposed))
    _tell_proposal(visit, listed)
    return listed


def _tell_candidate(visit: Visit, uai: str, number: int, one: "Candidate") -> None:
    from educonnect_admin.dates_in_words import in_words

    today = visit.day()
    visit.person.tell(f"  {number}. {near(one.path)}")
    visit.person.tell(f"     {content(one.readings)}, enregistré le {in_words(one.saved_on)}")
    if one.is_old(today):
        days = (today - one.saved_on).days
        visit.person.tell(f"     Attention : il a {days} jours. Un fichier du jour est plus sûr.")
    if one.school and one.school != uai:
        visit.person.tell(f"     Attention : il dit être de l'école {one.school}.")


def content(readings: "Iterable[Reading]") -> str:
    """Return whom a file lists, in a few words."""
    from educonnect_admin.cli.reading_report import KINDS

    return ", ".join(
        f"{KINDS[reading.kind]} ({counted(reading.rows, 'ligne')})" for reading in readings
    )


def _tell_proposal(visit: Visit, listed: Listed) -> None:
    if not listed.proposed:
        visit.person.tell(_HOW_TO_EXPORT)
        visit.person.tell(_HOW_TO_GIVE_ANOTHER)
        return
    if listed.proposed > 1:
        both = listed.default.replace(" ", " et ")
        visit.person.tell(f"Je propose {both} : ces élèves et ces responsables vont ensemble.")
    visit.person.tell(_HOW_TO_GIVE)
