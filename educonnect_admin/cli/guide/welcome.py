"""The first screen: what will happen, how to answer, how to go back and to stop."""

from educonnect_admin.cli.guide.person import WantsOut, confirm
from educonnect_admin.cli.guide.visit import Answers, Visit

_WORDS = """\
Bienvenue dans le guide d'EduConnect. En cinq étapes, nous allons :

  1. dire quelle est votre école ;
  2. trouver les fichiers que vous avez exportés d'ONDE ou de SIECLE ;
  3. voir ce qu'ils changent, puis les importer ;
  4. préparer les courriers des parents ;
  5. les imprimer et les distribuer.

Je pose une question à la fois. Tapez la réponse, puis la touche Entrée.
Entre crochets [ ], la réponse que je propose : la touche Entrée l'accepte.

À chaque question, une lettre puis Entrée :
  r pour revenir à la question d'avant ;
  q pour arrêter. Ce qui est fait reste fait, rien ne reste à moitié fait.

Aucun élève n'est enregistré avant que vous ayez répondu oui à «Importer ?».
Chaque étape montre aussi une commande qui fait la même chose : vous pouvez
ne pas la lire."""


def welcome(visit: Visit, answers: Answers) -> Answers:
    """Say what will happen.

    Raises:
        WantsOut: not today.
    """
    visit.person.tell(_WORDS)
    if not confirm(visit.person, "Commencer ?"):
        raise WantsOut
    return answers
