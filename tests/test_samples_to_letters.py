"""The director's whole evening on the sample schools: files in, letters out."""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.letters import Who
from educonnect_admin.domain.people import Guardian, Guardianship, Pupil
from educonnect_admin.edge import Services
from educonnect_admin.letters.naming import addressed
from educonnect_admin.office.import_roster import import_roster
from educonnect_admin.office.issue_letters import issue_letters
from educonnect_admin.office.printing.target import LetterOrder
from educonnect_admin.rosters.read import read_files
from tests.conftest import NOW
from tests.support.households import add_school
from tests.support.pdf import letters_under, pages_of

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
SCHOOLS = {"0599901S": "ecole-charlemagne", "0599902T": "ecole-marie-curie"}
FILES = ("CSVExtraction-eleves.csv", "CSVExtraction-responsables.csv")

Rows = list[list[str]]


def import_samples(services: Services, convert: Callable[[Path, Path], Path], work: Path) -> None:
    """Import both sample schools, each file converted first."""
    for uai, folder in SCHOOLS.items():
        paths = [convert(SAMPLES / folder / name, work / f"{uai}-{name}") for name in FILES]
        readings = read_files(paths, today=NOW.date())
        with services.transaction() as session:
            add_school(session, uai, folder)
            import_roster(session, uai, readings, services.author(NOW))


def issue_everything(services: Services, output: Path) -> int:
    """Issue the letters of both schools into one folder a school; return how many."""
    room = services.print_room(NOW)
    return sum(
        issue_letters(
            room, LetterOrder(uai=uai, class_label=None, who=Who.NEW, output=output / uai)
        ).letters
        for uai in SCHOOLS
    )


def as_it_is(source: Path, _: Path) -> Path:
    """Take the sample file itself."""
    return source


def _rows(source: Path) -> tuple[Rows, str]:
    data = source.read_bytes()
    text = data.decode("utf-8-sig") if data.startswith(b"\xef\xbb\xbf") else data.decode("cp1252")
    return list(csv.reader(io.StringIO(text), delimiter=";")), text


def _write(rows: Iterable[list[str]], target: Path, encoding: str, quoting: int) -> Path:
    with target.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=";", quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return target


def utf8_unquoted(source: Path, target: Path) -> Path:
    """Write the file again in UTF-8, quoted only where it must be."""
    return _write(_rows(source)[0], target, "utf-8", csv.QUOTE_MINIMAL)


def utf8_quoted_with_mark(source: Path, target: Path) -> Path:
    """Write the file again in UTF-8 with a byte-order mark, everything quoted."""
    return _write(_rows(source)[0], target, "utf-8-sig", csv.QUOTE_ALL)


def cp1252_quoted(source: Path, target: Path) -> Path:
    """Write the file again in cp1252; what it can't hold keeps its UTF-8."""
    rows, text = _rows(source)
    encoding = "utf-8" if text.encode("cp1252", "ignore").decode("cp1252") != text else "cp1252"
    return _write(rows, target, encoding, csv.QUOTE_ALL)


def as_workbook(source: Path, target: Path) -> Path:
    """Write the file again as a workbook, every cell a text."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Feuille1")
    for row in _rows(source)[0]:
        sheet.append(row)
    target = target.with_suffix(".xlsx")
    book.save(target)
    return target


def people_and_identifiers(services: Services) -> tuple[list[str], ...]:
    """Return who is in the database, and under which identifiers."""
    with services.reading() as session:
        accounts = session.execute(
            select(
                Account.identifier, Guardian.family_name, Guardian.given_name, Guardian.email,
                Guardian.mobile, Guardian.postcode,
            ).join(Guardian, Guardian.account_id == Account.id)
        )  # fmt: skip
        pupils = session.execute(
            select(Pupil.ine, Pupil.family_name, Pupil.given_name, Pupil.birth_date)
        )
        links = session.execute(
            select(Guardian.family_key, Guardian.given_key, Pupil.family_key, Pupil.given_key)
            .join(Guardianship, Guardianship.guardian_id == Guardian.id)
            .join(Pupil, Pupil.id == Guardianship.pupil_id)
        )
        return tuple(sorted(repr(row) for row in rows) for rows in (accounts, pupils, links))


@pytest.mark.parametrize(
    "convert", [utf8_unquoted, utf8_quoted_with_mark, cp1252_quoted, as_workbook]
)
def test_however_the_files_are_written_the_people_are_the_same(
    sqlite_services: Services,
    tmp_path: Path,
    convert: Callable[[Path, Path], Path],
    expected_people: tuple[list[str], ...],
) -> None:
    """UTF-8 or cp1252, quoted or not, CSV or workbook: the same people and identifiers."""
    import_samples(sqlite_services, convert, tmp_path)
    issue_everything(sqlite_services, tmp_path / "out")

    assert people_and_identifiers(sqlite_services) == expected_people


@pytest.fixture(scope="module")
def expected_people(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], ...]:
    """The people of the samples as they are."""
    from educonnect_admin.opening import open_office
    from educonnect_admin.settings import Settings

    work = tmp_path_factory.mktemp("samples")
    services = open_office(
        Settings(database_url=str(work / "db.sqlite"), hashing="cheap-for-tests"), NOW
    )
    import_samples(services, as_it_is, work)
    issue_everything(services, work / "out")
    people = people_and_identifiers(services)
    services.close()
    return people


def test_every_page_of_the_samples(services: Services, tmp_path: Path) -> None:
    """As many letters as accounts; identifier and password on each; nobody else's name."""
    import_samples(services, as_it_is, tmp_path)

    letters = issue_everything(services, tmp_path / "out")

    pages = [page for uai in SCHOOLS for page in letters_under(tmp_path / "out" / uai)]
    with services.reading() as session:
        accounts = session.scalar(select(func.count()).select_from(Account))
        holders: dict[str, set[str]] = defaultdict(set)
        for identifier, civility, given, family, usage in session.execute(
            select(
                Account.identifier,
                Guardian.civility,
                Guardian.given_name,
                Guardian.family_name,
                Guardian.usage_name,
            ).join(Guardian, Guardian.account_id == Account.id)
        ):
            holders[identifier].add(addressed(civility, given, usage or family))
    assert letters == len(pages) == accounts
    assert letters > 350
    assert len({page.password for page in pages}) == letters
    for page in pages:
        text = " ".join(page.text.split())
        mine = holders[page.identifier]
        # Word by word: a long name wraps, and the layout puts the date between its lines.
        assert any(set(name.split()) <= set(text.split()) for name in mine)
        others = set().union(*holders.values()) - mine
        assert [name for name in others if name in text and name not in " ".join(mine)] == []


def test_families_over_both_schools_have_one_letter(services: Services, tmp_path: Path) -> None:
    """The Fontaines are known to both schools with the same contacts: one account each."""
    import_samples(services, as_it_is, tmp_path)

    issue_everything(services, tmp_path / "out")

    pages = [page for uai in SCHOOLS for page in letters_under(tmp_path / "out" / uai)]
    fontaines = [page for page in pages if page.identifier.endswith(".fontaine")]
    assert sorted(page.identifier for page in fontaines) == ["herve.fontaine", "nathalie.fontaine"]
    slips = " ".join(
        " ".join(text.split())
        for path in (tmp_path / "out" / "0599902T").glob("*-bordereau.pdf")
        for text in pages_of(path)
    )
    assert "déjà notifié le 23/11/2026" in slips
