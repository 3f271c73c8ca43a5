"""A list of schools, from a CSV or XLSX file, recognised by its headings as rosters are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from zoneinfo import available_timezones

from educonnect_admin.domain.errors import InvalidUAI, UnreadableFile
from educonnect_admin.domain.names import name_key
from educonnect_admin.domain.uai import parse_uai
from educonnect_admin.rosters.cells import clean, parse_email
from educonnect_admin.rosters.headings import SCHOOL_NUMBERS
from educonnect_admin.rosters.problems import UnreadableReason
from educonnect_admin.rosters.read import read_table

MAX_NAME, MAX_CITY, MAX_SHORT, MAX_PHONE = 200, 100, 40, 20
_HEADINGS = {
    "uai": SCHOOL_NUMBERS,
    "name": ("nom", "nomdelecole", "ecole", "etablissement", "denomination", "nometablissement"),
    "city": ("ville", "commune", "nomcommune"),
    "email": ("courriel", "email", "mel", "adresseelectronique", "mail"),
    "phone": ("telephone", "tel"),
    "kind": ("type", "nature", "typeetablissement"),
    "time_zone": ("fuseau", "fuseauhoraire"),
}
_COMPULSORY = {"uai": "UAI", "name": "Nom"}


class SchoolFault(StrEnum):
    """What can be wrong with the row of a school."""

    # The row is refused.
    BAD_UAI = "bad_uai"
    REPEATED_UAI = "repeated_uai"
    NO_NAME = "no_name"
    NAME_TOO_LONG = "name_too_long"
    UNKNOWN_TIME_ZONE = "unknown_time_zone"
    # The row is taken without the cell.
    BAD_EMAIL = "bad_email"
    TEXT_TOO_LONG = "text_too_long"

    @property
    def refuses(self) -> bool:
        """Whether the row was refused; otherwise this is a remark."""
        return self not in {SchoolFault.BAD_EMAIL, SchoolFault.TEXT_TOO_LONG}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SchoolRow:
    """One school as one row of a file gives it; an empty cell is `None`."""

    line: int
    uai: str
    name: str
    city: str | None
    email: str | None
    phone: str | None
    kind: str | None
    time_zone: str | None

    def __repr__(self) -> str:
        return f"SchoolRow(line={self.line})"


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolProblem:
    """One thing wrong in one row; `expected` is the check letter the digits call for."""

    fault: SchoolFault
    line: int
    value: str = field(default="", repr=False)
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class SchoolList:
    """The schools of a file, and what is wrong with it."""

    rows: tuple[SchoolRow, ...]
    problems: tuple[SchoolProblem, ...]

    @property
    def refused(self) -> int:
        """How many rows were refused."""
        return len({problem.line for problem in self.problems if problem.fault.refuses})


class _Refused(Exception):
    def __init__(self, fault: SchoolFault, value: str = "", expected: str | None = None) -> None:
        super().__init__(fault)
        self.fault = fault
        self.value = value
        self.expected = expected


def read_schools(path: Path) -> SchoolList:
    """Read a list of schools; a bad row stops nobody else.

    Args:
        path: A CSV or XLSX file with at least the columns UAI and Nom.

    Raises:
        UnreadableFile: nothing at all can be taken from it.
    """
    table = read_table(path)
    columns = _columns(path, [name_key(heading) for heading in table.headings], table.heading_line)
    rows: dict[str, SchoolRow] = {}
    problems: list[SchoolProblem] = []
    for line, cells in zip(table.lines, table.rows, strict=True):
        texts = {name: clean(cells[at]) for name, at in columns.items() if at < len(cells)}
        if not any(texts.values()):
            continue
        try:
            row = _row(line, texts, problems)
            if row.uai in rows:
                raise _Refused(SchoolFault.REPEATED_UAI, row.uai)
            rows[row.uai] = row
        except _Refused as why:
            problems.append(
                SchoolProblem(fault=why.fault, line=line, value=why.value, expected=why.expected)
            )
    return SchoolList(tuple(rows.values()), tuple(problems))


def _columns(path: Path, keys: list[str], line: int) -> Mapping[str, int]:
    columns = {
        name: keys.index(alias)
        for name, aliases in _HEADINGS.items()
        for alias in reversed(aliases)
        if alias in keys
    }
    for name, heading in _COMPULSORY.items():
        if name not in columns:
            reason = UnreadableReason.MISSING_HEADING
            raise UnreadableFile(path, reason, line=line, what=heading)
    return columns


def _row(line: int, texts: Mapping[str, str], problems: list[SchoolProblem]) -> SchoolRow:
    def optional(name: str, longest: int) -> str | None:
        text = texts.get(name, "")
        if len(text) > longest:
            problems.append(SchoolProblem(fault=SchoolFault.TEXT_TOO_LONG, line=line))
            return None
        return text or None

    return SchoolRow(
        line=line,
        uai=_uai(texts["uai"]),
        name=_name(texts["name"]),
        city=optional("city", MAX_CITY),
        email=_email(line, texts.get("email", ""), problems),
        phone=optional("phone", MAX_PHONE),
        kind=optional("kind", MAX_SHORT),
        time_zone=_time_zone(texts.get("time_zone", "")),
    )


def _uai(text: str) -> str:
    try:
        return parse_uai(text)
    except InvalidUAI as error:
        raise _Refused(SchoolFault.BAD_UAI, text[:MAX_SHORT], error.expected) from None


def _name(text: str) -> str:
    if not text:
        raise _Refused(SchoolFault.NO_NAME)
    if len(text) > MAX_NAME:
        raise _Refused(SchoolFault.NAME_TOO_LONG, text[:MAX_SHORT])
    return text


def _email(line: int, text: str, problems: list[SchoolProblem]) -> str | None:
    if not text:
        return None
    found, _ = parse_email(text)
    if found is None:
        problems.append(
            SchoolProblem(fault=SchoolFault.BAD_EMAIL, line=line, value=text[:MAX_NAME])
        )
    return found


def _time_zone(text: str) -> str | None:
    if text and text not in available_timezones():
        raise _Refused(SchoolFault.UNKNOWN_TIME_ZONE, text[:MAX_SHORT])
    return text or None
