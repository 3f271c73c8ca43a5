"""A small academy on a real database, and R-14 as a question for all its schools."""

from collections import Counter
from itertools import islice
from pathlib import Path

from sqlalchemy import select

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.letters import Letter
from educonnect_admin.edge import Services
from educonnect_admin.gateways.hashing import owner_of_letter
from educonnect_admin.letters.manifest_checking import verify_folder
from educonnect_admin.queries.campaigns import schools_of_academy
from educonnect_admin.queries.trail_check import first_broken_entry
from tests.conftest import NOW
from tests.support.campaigns import numbers
from tests.support.households import add_families, add_school, many_families
from tests.support.pdf import letters_in

ACADEMY = "09"
CLASS_SIZE = 3


def found_academy(services: Services, schools: int, letters: int) -> list[str]:
    """Add so many schools of so many letters each, three a class; return their numbers."""
    uais = sorted(islice(numbers("59", "62"), schools))
    for uai in uais:
        with services.transaction() as session:
            school = add_school(session, uai, f"École {uai}", author=services.author(NOW))
            add_families(session, school, many_families(letters, CLASS_SIZE))
    return uais


def add_pupils(services: Services, uai: str, letters: int) -> None:
    """Let families arrive in a school that has been printed already."""
    with services.transaction() as session:
        (school,) = [one for one in schools_of_academy(session, ACADEMY) if one.uai == uai]
        add_families(session, school.id, many_families(letters, CLASS_SIZE))


def assert_whole(services: Services, folder: Path, letters: int) -> None:
    """Every letter stands on one page, every password of a page works, and both manifests agree.

    Args:
        services: The office.
        folder: The campaign's.
        letters: How many there should be in all.
    """
    assert_nothing_printed_is_wrong(services, folder)
    with services.reading() as session:
        states = Counter(session.scalars(select(Account.state)))
    assert states == {AccountState.NOTIFIED: letters}
    found = verify_folder(folder)
    assert found.findings == []
    assert found.letters == letters
    for school in found_schools(services):
        own = verify_folder(folder / school)
        assert own.findings == []


def assert_nothing_printed_is_wrong(services: Services, folder: Path) -> None:
    """Whatever stands works, whatever works stands, once; the trails are unbroken (R-14)."""
    pages = [one for path in sorted(folder.rglob("*-courriers.pdf")) for one in letters_in(path)]
    with services.reading() as session:
        live = {
            identifier: (number, sealed)
            for identifier, number, sealed in session.execute(
                select(Account.identifier, Letter.number, Letter.password_hash)
                .join(Letter, Letter.account_id == Account.id)
                .where(Letter.ended_at.is_(None))
            )
        }
        for school in schools_of_academy(session, ACADEMY):
            assert first_broken_entry(session, services.author(NOW).pen, school.id) is None
    assert sorted(page.identifier for page in pages) == sorted(live)
    for page in pages:
        number, sealed = live[page.identifier]
        assert sealed is not None
        assert services.vault.accepts(sealed, page.password, owner_of_letter(number))
    assert list(folder.rglob("*.part")) == []


def found_schools(services: Services) -> list[str]:
    """Return the numbers of the schools of the academy."""
    with services.reading() as session:
        return [school.uai for school in schools_of_academy(session, ACADEMY)]
