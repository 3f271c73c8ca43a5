"""What a wrong file would do to a whole school: said in plain words, asked about once more."""

from typing import TYPE_CHECKING

from educonnect_admin.cli.guide.person import WantsBack, confirm
from educonnect_admin.cli.guide.visit import Visit

if TYPE_CHECKING:
    from educonnect_admin.domain.errors import EduConnectError
    from educonnect_admin.office.importing.dangers import Consent


def tell_danger(visit: Visit, danger: "EduConnectError") -> None:
    """Say what the import would do to the school, and what may be wrong."""
    visit.person.tell()
    visit.person.tell(
        f"ATTENTION : {_what(danger)}. Est-ce le fichier d'une autre école, d'une autre année, ou "
        "exporté avec un filtre ? En cas de doute, répondez n."
    )


def is_sure(visit: Visit, danger: "EduConnectError") -> bool:
    """Ask once more; going back is a no."""
    try:
        return confirm(visit.person, _question(danger), default=False)
    except WantsBack:
        return False


def widened(consent: "Consent", danger: "EduConnectError") -> "Consent":
    """Return a consent that covers one more danger."""
    from educonnect_admin.domain.errors import MassMove

    if isinstance(danger, MassMove):
        return consent._replace(moves=True)
    return consent._replace(departures=True)


def _what(danger: "EduConnectError") -> str:
    from educonnect_admin.domain.errors import MassDeparture, MassMove

    if isinstance(danger, MassDeparture):
        return f"cet import ferait partir {danger.departed} élèves sur {danger.enrolled}"
    if isinstance(danger, MassMove):
        return (
            f"{danger.moved} de ces {danger.rows} élèves sont inscrits dans l'école {danger.uai}, "
            "et changeraient d'école"
        )
    return "cet import détacherait de leurs responsables une grande partie des enfants"


def _question(danger: "EduConnectError") -> str:
    from educonnect_admin.domain.errors import MassDeparture, MassMove

    if isinstance(danger, MassDeparture):
        return f"Ces {danger.departed} élèves sont-ils vraiment partis ?"
    if isinstance(danger, MassMove):
        return f"Ces {danger.moved} élèves changent-ils vraiment d'école ?"
    return "Ces enfants sont-ils vraiment à détacher de leurs responsables ?"
