"""No cell is longer than the column it goes into: PostgreSQL refuses what SQLite takes."""

from pathlib import Path

import pytest
from sqlalchemy import String

from educonnect_admin.domain.base import Base
from educonnect_admin.domain.people import Enrolment, Guardian, Pupil
from educonnect_admin.domain.schools import School, SchoolClass
from educonnect_admin.rosters import schools
from educonnect_admin.rosters.cells import LIMITS, MAX_KEY, MAX_NAME
from tests.rosters.files import codes, guardian, pupil, read_guardians, read_pupils

NAMES = ("family_name", "usage_name", "given_name")
KEYS = ("family_key", "given_key")
FIELDS: list[tuple[type[Base], str, int]] = [
    (Enrolment, "level", LIMITS["level"]),
    (SchoolClass, "label", LIMITS["class_label"]),
    *((Guardian, name, LIMITS[name]) for name in ("postcode", "city", "country")),
    *((table, name, MAX_NAME) for table in (Pupil, Guardian) for name in NAMES),
    *((table, name, MAX_KEY) for table in (Pupil, Guardian) for name in KEYS),
    (School, "name", schools.MAX_NAME),
    (School, "city", schools.MAX_CITY),
    (School, "kind", schools.MAX_SHORT),
    (School, "phone", schools.MAX_PHONE),
]


@pytest.mark.parametrize(("table", "name", "limit"), FIELDS)
def test_a_limit_is_no_longer_than_its_column(table: type[Base], name: str, limit: int) -> None:
    """What the readers let through, the database has room for."""
    kind = table.__table__.c[name].type
    assert isinstance(kind, String)
    assert kind.length is not None
    assert limit <= kind.length


@pytest.mark.parametrize(
    "row", [pupil(level="X" * 21), pupil(level="ß" * 11), pupil(label="A" * 101)]
)
def test_a_long_cell_of_a_pupil_is_dropped_alone(tmp_path: Path, row: str) -> None:
    """The pupil goes in; capitals count, for `ß` becomes two of them."""
    reading = read_pupils(tmp_path, row)
    assert (2, "text_too_long") in codes(reading)
    assert None in (reading.pupils[0].level, reading.pupils[0].class_label)


@pytest.mark.parametrize(
    ("row", "name"),
    [(guardian(postcode="9" * 21), "postcode"), (guardian(country="F" * 101), "country")],
)
def test_a_long_cell_of_a_guardian_is_dropped_alone(tmp_path: Path, row: str, name: str) -> None:
    """The guardian goes in without it."""
    reading = read_guardians(tmp_path, row)
    assert codes(reading) == [(2, "text_too_long")]
    assert getattr(reading.guardians[0], name) is None


def test_ligatures_lengthen_a_key_and_not_beyond_its_column(tmp_path: Path) -> None:
    """A hundred `Œ` make two hundred letters, which fit; one sign may make eighteen."""
    reading = read_pupils(tmp_path, pupil("Œ" * 100), pupil("\ufdfa" * 100))
    assert [row.line for row in reading.pupils] == [2]
    assert (3, "name_too_long") in codes(reading)
