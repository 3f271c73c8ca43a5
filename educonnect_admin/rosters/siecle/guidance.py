"""What the files without people are good for: the levels of formations and of classes.

A class keeps its code (`6A`) as its label, whether its long label is known or not: the file of
structures may be there in September and not in October, and would rename every class.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.rosters.problems import UnreadableReason
from educonnect_admin.rosters.siecle.exports import NOMENCLATURE, STRUCTURES, Export
from educonnect_admin.rosters.siecle.levels import level_of_code, level_of_label
from educonnect_admin.rosters.siecle.shape import Seen


@dataclass(slots=True)
class _Known:
    """What the files of one school say."""

    formations: dict[str, str] = field(default_factory=dict)
    classes: dict[str, frozenset[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


class Guidance:
    """What is known of the formations and classes of each school, by its number."""

    def __init__(self, exports: Iterable[Export]) -> None:
        """Read the files of structures and nomenclatures among these, and list the others.

        Raises:
            UnreadableFile: one of them is ill-formed, or hostile.
        """
        self._known: dict[str | None, _Known] = defaultdict(_Known)
        self._places: list[tuple[Path, str | None]] = []
        for export in exports:
            if not export.holds_people:
                self._read(export)

    def _read(self, export: Export) -> None:
        seen = Seen()
        known = _Known()
        with export.reading() as stream:
            for record in seen.records(stream):
                if export.root == NOMENCLATURE:
                    code = record.value("CODE_MEF")
                    known.formations[code] = level_of_label(record.value("LIBELLE_LONG"))
                elif export.root == STRUCTURES:
                    codes = record.all("MEFS_APPARTENANCE", "MEF_APPARTENANCE", "CODE_MEF")
                    label = record.value("CODE_STRUCTURE")
                    known.classes[label] = frozenset(code.text.strip() for code in codes)
        told = self._known[seen.school]
        told.formations |= known.formations
        told.classes |= known.classes
        told.files.append(export.place.name)
        self._places.append((export.path, seen.school))

    def level(self, school: str | None, formation: str, class_label: str) -> str:
        """Return the level of a pupil: of the formation, else of the class if it has but one.

        A formation that is known to have no level (a CAP) is not given that of its class.
        """
        known = self._known.get(school) or _Known()
        level = _level(known, formation)
        if level or formation in known.formations:
            return level
        levels = {_level(known, code) for code in known.classes.get(class_label, ())}
        return levels.pop() if len(levels) == 1 else ""

    def files(self, school: str | None) -> tuple[str, ...]:
        """Return the names of the files that were read for a school."""
        return tuple(self._known[school].files) if school in self._known else ()

    def refuse_strangers(self, schools: set[str | None]) -> None:
        """Refuse a file of no people that nobody's file goes with.

        Raises:
            UnreadableFile: it was given alone (NOBODY_IN_SIECLE), or is of another school
                (OTHER_SCHOOL).
        """
        for path, school in self._places:
            if not schools:
                raise UnreadableFile(path, UnreadableReason.NOBODY_IN_SIECLE)
            if school not in schools:
                raise UnreadableFile(path, UnreadableReason.OTHER_SCHOOL, what=school or "")


def _level(known: _Known, formation: str) -> str:
    return known.formations.get(formation) or level_of_code(formation)
