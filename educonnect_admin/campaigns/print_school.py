"""The task of a campaign of letters: one school, its folder, its manifest."""

from educonnect_admin.campaigns.attempt import attempted
from educonnect_admin.campaigns.orders import TO_WORKERS, LettersOfSchool
from educonnect_admin.campaigns.outcomes import Outcome
from educonnect_admin.campaigns.school_folder import (
    close_to_others,
    files_of,
    published_in,
    write_manifest,
)
from educonnect_admin.campaigns.workplace import workplace
from educonnect_admin.domain.campaigns import Figure
from educonnect_admin.domain.errors import UnwritableFolder
from educonnect_admin.edge import Services, clock
from educonnect_admin.gateways.pdf_lock import PdfProtection
from educonnect_admin.gateways.sealing import CAMPAIGN, KeyringSealer
from educonnect_admin.office.issue_letters import Issued, issue_letters
from educonnect_admin.office.plan_letters import Planned, plan_letters
from educonnect_admin.office.printing.target import LetterOrder


def print_school(order: LettersOfSchool) -> Outcome:
    """Print the letters of a school that are missing; every error is in the outcome."""
    return attempted(order, lambda: _print(order))


def _print(order: LettersOfSchool) -> Outcome:
    services = workplace(order.bearings)
    now = clock()
    wanted = LetterOrder(uai=order.uai, class_label=None, who=order.who, output=order.folder)
    room = services.print_room(now, _protection(services, order))
    if order.dry_run:
        return Outcome(uai=order.uai, figures=_foreseen(plan_letters(room, wanted)))
    is_closed = close_to_others(order.folder)
    with services.reading() as session:
        before = published_in(session, order.uai, order.folder)
    issued = issue_letters(room, wanted)
    try:
        with services.reading() as session:
            files = files_of(session, order.uai, order.folder, before)
    except OSError as error:
        raise UnwritableFolder(order.folder, error.errno) from error
    if files:
        write_manifest(order, files, now)
    return Outcome(
        uai=order.uai,
        figures={**_figures(issued), Figure.OPEN_FOLDER: int(not is_closed)},
        files=files,
        elsewhere=[host for _, host in issued.recovered.elsewhere],
    )


def _protection(services: Services, order: LettersOfSchool) -> PdfProtection | None:
    if order.passphrase is None:
        return None
    sealer = KeyringSealer(services.keyring, services.chance, CAMPAIGN)
    return PdfProtection(sealer.open(order.passphrase, TO_WORKERS).decode(), services.chance)


def _foreseen(planned: Planned) -> dict[Figure, int]:
    return {
        Figure.LETTERS: sum(letters for _, letters in planned.classes),
        Figure.ACCOUNTS: planned.generated.created,
        Figure.UNPRINTABLE: len(planned.unprintable),
    }


def _figures(issued: Issued) -> dict[Figure, int]:
    return {
        Figure.LETTERS: issued.letters,
        Figure.ACCOUNTS: issued.generated.created,
        Figure.UNPRINTABLE: len(issued.unprintable),
        Figure.TO_REISSUE: len(issued.to_reissue),
        Figure.WAITING: len(issued.waiting)
        + len(issued.recovered.stuck)
        + len(issued.recovered.locked),
    }
