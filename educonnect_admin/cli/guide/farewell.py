"""The last words: what was done, what was not, how to go on."""

from educonnect_admin.cli.guide.visit import Visit
from educonnect_admin.cli.speech import counted

AGAIN = "Pour reprendre, à tout moment : educonnect-admin guide"


def tell_finished(visit: Visit, uai: str) -> None:
    """Say that it is over, and what comes in the next weeks."""
    visit.person.head("C'est fini")
    visit.person.tell(_done(visit))
    if visit.questions:
        visit.person.tell(
            f"{counted(visit.questions, 'question')} de l'import, à lire à tête reposée :"
        )
        visit.person.show(f"  educonnect-admin roster review --school {uai}")
    visit.person.tell("Dans quelques jours, pour voir quels parents ont activé leur compte :")
    visit.person.show(f"  educonnect-admin audit activations --school {uai}")
    visit.person.tell("Pour une nouvelle extraction, ou un nouvel élève :")
    visit.person.show("  educonnect-admin guide")


def tell_stopped(visit: Visit) -> None:
    """Say what stays of a run that somebody stopped."""
    visit.person.tell()
    visit.person.tell(f"Vous avez arrêté le guide. {_done(visit)}")
    if visit.done:
        visit.person.tell("Le reste n'a pas été commencé.")
    visit.person.tell(AGAIN)


def _done(visit: Visit) -> str:
    done = [*visit.done, *visit.written]
    return f"Fait : {' ; '.join(done)}." if done else "Rien n'a été changé."
