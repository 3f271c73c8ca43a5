"""What the tests of printing share: filling a school, and R-14 as a question."""

from pathlib import Path

from sqlalchemy import func, select

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.letters import Letter, Who
from educonnect_admin.edge import Services
from educonnect_admin.gateways.hashing import owner_of_letter
from educonnect_admin.office.issue_letters import Issued, issue_letters
from educonnect_admin.office.printing.target import LetterOrder
from educonnect_admin.queries.trail_check import first_broken_entry
from tests.conftest import NOW
from tests.support.households import CHARLEMAGNE, FAMILIES, Family, add_families, add_school
from tests.support.pdf import letters_under


def fill(services: Services, families: tuple[Family, ...] | list[Family] = FAMILIES) -> int:
    """Make a school with these families and return its id."""
    with services.transaction() as session:
        school_id = add_school(session)
        add_families(session, school_id, families)
    return school_id


def order(
    output: Path, *, who: Who = Who.NEW, class_label: str | None = None, uai: str = CHARLEMAGNE
) -> LetterOrder:
    """Return an order for the whole school, unless a class is named."""
    return LetterOrder(uai=uai, class_label=class_label, who=who, output=output)


def issue(services: Services, output: Path, *, who: Who = Who.NEW) -> Issued:
    """Issue the letters of the school."""
    return issue_letters(services.print_room(NOW), order(output, who=who))


def assert_pages_and_database_agree(services: Services, folder: Path, school_id: int) -> None:
    """Every page's password is accepted, every accepted password stands on one page (R-14)."""
    pages = letters_under(folder)
    with services.reading() as session:
        live = {
            identifier: (number, sealed)
            for identifier, number, sealed in session.execute(
                select(Account.identifier, Letter.number, Letter.password_hash)
                .join(Letter, Letter.account_id == Account.id)
                .where(Letter.school_id == school_id, Letter.ended_at.is_(None))
            )
        }
        notified = session.scalar(
            select(func.count()).select_from(Account).where(Account.state == AccountState.NOTIFIED)
        )
        assert first_broken_entry(session, services.author(NOW).pen, school_id) is None
    assert sorted(page.identifier for page in pages) == sorted(live)
    assert notified == len(live)
    for page in pages:
        number, sealed = live[page.identifier]
        assert sealed is not None
        assert services.vault.accepts(sealed, page.password, owner_of_letter(number))
        assert number in page.text.replace("-", "")
    assert list(folder.glob("*.part")) == []
