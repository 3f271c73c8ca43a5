"""What to do with the letters; their folder, opened in a window where there are any."""

from pathlib import Path

from educonnect_admin.cli.guide.person import confirm
from educonnect_admin.cli.guide.places import can_show_folders, near, show_folder
from educonnect_admin.cli.guide.visit import Answers, Visit

_WORDS = """\
  1. Imprimez chaque fichier «courriers» en recto seul, sans mise à l'échelle.
  2. Pliez chaque page, glissez-la dans le cartable : les pages sont dans
     l'ordre des élèves de la classe.
  3. Imprimez aussi les bordereaux et gardez-les à l'école : ils disent à qui
     chaque courrier a été remis.
  4. Effacez ensuite ces fichiers et videz la corbeille : ils contiennent des
     mots de passe."""


def hand_out(visit: Visit, answers: Answers) -> Answers:
    """Say what to do with the letters, and open their folder if the person likes."""
    if not answers.classes or answers.folder is None:
        return answers
    visit.person.head("Étape 5 sur 5 : imprimer et distribuer")
    visit.person.tell(_WORDS)
    if not (visit.desk.settings().open_folders and can_show_folders()):
        visit.person.tell(f"Les courriers sont dans ce dossier : {near(answers.folder)}")
    elif confirm(visit.person, "Ouvrir le dossier maintenant ?"):
        _open(visit, answers.folder)
    return answers


def _open(visit: Visit, folder: Path) -> None:
    if not show_folder(folder):
        visit.person.tell(f"Le dossier ne s'est pas ouvert. Il est ici : {near(folder)}")
