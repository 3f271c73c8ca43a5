"""Opening the office; making it where there is none, as `init` does."""

from educonnect_admin.cli.desk import CHEAP_HASHING_WARNING
from educonnect_admin.cli.guide.visit import Answers, Visit


def open_the_office(visit: Visit, answers: Answers) -> Answers:
    """Open the office, and say so only if it had to be made or brought up to date."""
    if visit.office is not None:
        return answers
    visit.person.tell("Un instant…")
    from educonnect_admin.domain.operator_errors import OwnerOnly
    from educonnect_admin.opening import foresee_office, open_office

    settings = visit.desk.settings()
    found: str | None = ""
    expected = ""
    try:
        found, expected = foresee_office(settings, must_exist=False)
        visit.office = open_office(settings, visit.moment())
    except OwnerOnly:
        visit.office = visit.desk.opened()
    if settings.hashing != "owasp":
        visit.person.tell(CHEAP_HASHING_WARNING)
    if found is None:
        _tell_made(visit)
    elif found != expected:
        visit.person.tell("La base a été mise au niveau de cette version du programme.")
        visit.tell_command("database", "upgrade")
    return answers


def _tell_made(visit: Visit) -> None:
    visit.done.append("le bureau est créé")
    visit.person.head("Votre bureau")
    visit.person.tell(
        "C'est la première fois : j'ai créé votre bureau sur cet ordinateur, une base de données "
        "encore vide, et son fichier de clé :"
    )
    visit.person.show(f"  {visit.services.keyring.path}")
    visit.person.tell(
        "Gardez une copie de ce fichier de clé en lieu sûr, par exemple sur une clé USB : sans "
        "lui, plus aucun mot de passe ne peut être vérifié."
    )
    visit.tell_command("init")
