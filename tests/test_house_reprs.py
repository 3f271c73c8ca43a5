"""No `repr` of the product tells who somebody is: logs and tracebacks carry ids (rule 6, R-66)."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import pytest
from sqlalchemy import inspect
from sqlalchemy.orm import configure_mappers

import educonnect_admin
from educonnect_admin.domain.base import Base
from educonnect_admin.domain.metadata import METADATA
from educonnect_admin.settings import Settings

# The names under which facts about people and secrets travel in this code base.
PERSONAL = {
    "family_name", "usage_name", "given_name", "surname", "family_key", "given_key", "sort_key",
    "given_keys", "surname_keys", "birth_date", "birth_dates", "source_birth_date", "born",
    "email", "mobile", "phone", "street", "postcode", "city", "country", "ine", "holder",
    "address", "identifier", "to_reissue", "password", "password_hash", "sealed", "naming", "keys",
    "before", "after", "value", "pupil_given_name", "pupil_surname", "carrier_given_name",
    "carrier_surname", "details", "reason", "text", "salt", "database", "database_url",
}  # fmt: skip

NOT_ABOUT_PEOPLE = {
    ("schools", "School"): {"email", "phone", "city"},
    ("content", "SchoolHeading"): {"email", "phone", "city"},
    ("campaigns", "SchoolLine"): {"city"},
    ("campaigns", "SilentSchool"): {"city"},
    # The address of the service itself, and its name.
    ("sender", "Sender"): {"address"},
    # Codes, counts and a reason: what a trail entry holds is checked when it is written.
    ("trail", "Happening"): {"details", "reason"},
    ("trail", "TrailEntry"): {"details"},
    # Tables of a PDF; the address of a person is called otherwise there.
    ("qr", "Symbols"): {"base"},
    # Headings and words of an audit; a column holds the function that finds a value.
    ("table", "Column"): {"heading", "value", "meaning"},
    ("chase", "Advice"): {"reason", "action"},
    # Where a provider publishes its own public keys.
    ("franceconnect_site", "Addresses"): {"keys"},
    # How often birth dates may be tried: a number.
    ("throttling", "Limits"): {"birth_date"},
}

TELLING = "Zoé-Témoin"
TELLING_DATE = date(2011, 3, 4)


def _modules() -> Iterator[Any]:
    for found in pkgutil.walk_packages(educonnect_admin.__path__, "educonnect_admin."):
        if not {"migrations", "__main__"} & set(found.name.split(".")):
            yield importlib.import_module(found.name)


def _is_row(value: object, module: str) -> bool:
    if not isinstance(value, type) or value.__module__ != module:
        return False
    return is_dataclass(value) or (issubclass(value, tuple) and hasattr(value, "_fields"))


def rows() -> list[type]:
    """Return every dataclass and named tuple of the package."""
    return [
        value
        for module in _modules()
        for value in vars(module).values()
        if _is_row(value, module.__name__)
    ]


def _short(row: type) -> str:
    """Return the module and class: a module may move to another room, its name stays."""
    return f"{row.__module__.rpartition('.')[2]}.{row.__qualname__}"


def _names(row: Any) -> list[str]:
    return list(row._fields) if issubclass(row, tuple) else [field.name for field in fields(row)]


def _personal(row: type, names: list[str]) -> set[str]:
    spared = NOT_ABOUT_PEOPLE.get((row.__module__.rpartition(".")[2], row.__name__), set())
    return (PERSONAL & set(names)) - spared


def _telling(row: type) -> Any:
    """Make an instance whose personal fields would be recognised; None when it has none."""
    names = _names(row)
    personal = _personal(row, names)
    if not personal:
        return None
    values = {name: TELLING if name in personal else 7 for name in names}
    if issubclass(row, tuple):
        return row(**values)
    made = object.__new__(row)
    for name, value in values.items():
        object.__setattr__(made, name, value)
    return made


def _tells(made: object) -> bool:
    return made is not None and (TELLING in repr(made) or TELLING in str(made))


def test_no_row_shows_who_it_is_about() -> None:
    """Rows, plans, letters, outcomes: what they hold of a person stays out of their `repr`."""
    assert {_short(row) for row in rows() if _tells(_telling(row))} == set()


def test_the_check_meets_the_rows_that_matter() -> None:
    """Rosters, letters, questions to the database: none escapes for want of a known name."""
    checked = {_short(row) for row in rows() if _telling(row) is not None}

    assert checked >= {
        "rows.PupilRow", "rows.GuardianRow", "rows.ChildMention",
        "content.LetterContent", "roster_plan.GuardianFacts",
        "roster_plan.Change", "print_class.DrawnLetter",
        "replace_letters.Sealed", "subjects.Subject", "subjects.ChildShown",
        "rosters.KnownPupil", "rosters.KnownGuardian", "key_file.Keys",
        "problems.Problem",
    }  # fmt: skip


def test_the_check_sees_a_row_that_tells() -> None:
    """A dataclass and a named tuple left to their own `repr` are found out."""

    @dataclass(frozen=True)
    class Planted:
        family_name: str

    class AlsoPlanted(NamedTuple):
        id: int
        birth_date: date

    assert _tells(_telling(Planted))
    assert _tells(_telling(AlsoPlanted))


def _mapped() -> list[type]:
    configure_mappers()
    return sorted((mapper.class_ for mapper in Base.registry.mappers), key=lambda c: c.__name__)


def _telling_entity(mapped: type) -> Any:
    """Make an instance without a database, every text, date and blob of it telling."""
    description: Any = inspect(mapped)
    made = description.class_manager.new_instance()
    for column in description.columns:
        kind = column.type.python_type
        values = {
            str: TELLING, bytes: TELLING.encode(), int: 7, bool: True, date: TELLING_DATE,
            datetime: datetime(2011, 3, 4, 5, 6),  # noqa: DTZ001 - only looked for in a text
        }  # fmt: skip
        setattr(made, description.get_property_by_column(column).key, values.get(kind, TELLING))
    return made


@pytest.mark.parametrize("mapped", _mapped(), ids=lambda mapped: mapped.__name__)
def test_no_mapped_class_shows_who_it_is_about(mapped: type) -> None:
    """Neither `repr` nor `str` holds a name, a date, a digest or a blob of the row."""
    made = _telling_entity(mapped)

    # States and kinds are codes: they may be shown, and here they carry the telling text.
    codes = {"state", "kind", "end", "who", "journey", "civility", "resolution", "former_state"}
    for code in codes & set(inspect(mapped).attrs.keys()):
        setattr(made, code, "code")
    shown = repr(made) + str(made)
    assert TELLING not in shown
    assert TELLING.encode().hex() not in shown
    assert "2011-03-04" not in shown
    assert "2011, 3, 4" not in shown


def test_people_are_known_by_their_id() -> None:
    """What has a name of its own says its class and its number instead."""
    named = [
        mapped
        for mapped in _mapped()
        if {"family_name", "identifier", "details"} & set(inspect(mapped).columns.keys())
        and mapped.__name__ != "TrailEntry"
    ]

    assert {mapped.__name__ for mapped in named} == {"Account", "Guardian", "Pupil", "ReviewItem"}
    for mapped in named:
        assert f"{mapped.__name__}(id=7" in repr(_telling_entity(mapped))


def test_every_table_was_looked_at() -> None:
    """A class that is mapped but not gathered would escape."""
    assert {inspect(mapped).local_table.name for mapped in _mapped()} == set(METADATA.tables)


def test_the_settings_hide_the_password_of_the_database() -> None:
    """A database address holds a password; an error that shows the settings must not."""
    settings = Settings(database_url="postgresql://alice:s3cret@example.org/office")

    assert "s3cret" not in str(settings)
    assert "s3cret" not in repr(settings)
