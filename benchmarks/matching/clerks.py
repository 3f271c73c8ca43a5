"""How the schools of a made-up town write its guardians down: slips, gaps, two rows for one."""

from collections import defaultdict
from dataclasses import replace
from typing import NamedTuple

from benchmarks.matching.town import LEVELS, Adult, Child, Town
from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.names import to_ascii
from educonnect_admin.rosters.rows import ChildMention, GuardianRow, PupilRow

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Row(NamedTuple):
    """A row of guardians, and the number of the person whom it is about."""

    person: int
    row: GuardianRow


class Files(NamedTuple):
    """What a school exports."""

    pupils: list[PupilRow]
    guardians: list[Row]


class Clerks:
    """One clerk a school, who keeps what was written and mends little of it."""

    def __init__(self, town: Town) -> None:
        """Give the town its clerks."""
        self._town = town
        self._written: dict[tuple[int, int], tuple[Adult, GuardianRow]] = {}

    def export(self) -> dict[int, Files]:
        """Return the files of this year, by school."""
        files: dict[int, Files] = defaultdict(lambda: Files([], []))
        for family in self._town.families:
            for child in family.children:
                files[child.place].pupils.append(_pupil(child))
            for place in sorted({child.place for child in family.children}):
                here = [child for child in family.children if child.place == place]
                for adult in family.adults:
                    files[place].guardians.extend(self._rows(place, adult, here))
        return dict(files)

    def _rows(self, place: int, adult: Adult, here: list[Child]) -> list[Row]:
        """Write one row with all the children, or one a child: then the rest may differ."""
        row = self._row(place, adult)
        mentions = [_mention(child, self._town.happens(0.5)) for child in here]
        if len(here) == 1 or self._town.happens(0.6):
            return [Row(adult.number, replace(row, children=tuple(mentions)))]
        second = replace(row, email=None) if self._town.happens(0.2) else row
        if row.mobile and self._town.happens(0.03):
            second = replace(second, mobile=self._slip_of(row.mobile, "0123456789", first=4))
        rows = [
            replace(row, children=(mentions[0],)),
            replace(second, children=tuple(mentions[1:])),
        ]
        return [Row(adult.number, one) for one in rows]

    def _row(self, place: int, adult: Adult) -> GuardianRow:
        known = self._written.get((place, adult.number))
        row = self._first(adult) if known is None else self._again(adult, *known)
        self._written[place, adult.number] = adult, row
        return row

    def _first(self, adult: Adult) -> GuardianRow:
        town = self._town
        family, usage = adult.family, adult.usage
        if usage and town.happens(0.3):
            # The name borne is all that many forms ask for.
            family, usage = usage, None
        elif usage and town.happens(0.3):
            usage = None
        return GuardianRow(
            line=0,
            civility=None if town.happens(0.04) else _civility(adult),
            family_name=self._miswritten(self._cased(family)),
            usage_name=usage,
            given_name=self._miswritten(self._cased(adult.given)),
            email=None if town.happens(0.15) else adult.email,
            # Of father and son the mobile alone tells; a mobile that is missing is rare.
            mobile=adult.mobile,
            street=adult.home.street,
            postcode=adult.home.postcode,
            city=adult.home.city,
            country=None,
            children=(),
        )

    def _again(self, now: Adult, before: Adult, row: GuardianRow) -> GuardianRow:
        """Return what a clerk writes a year later: what has changed, if they heard of it."""
        town = self._town
        for name in ("mobile", "email"):
            if getattr(now, name) != getattr(before, name) and town.happens(0.8):
                row = replace(row, **{name: getattr(now, name)})
        if now.home != before.home and town.happens(0.8):
            row = replace(row, **now.home._asdict())
        if now.usage != before.usage and town.happens(0.6):
            row = replace(row, usage_name=now.usage)
        if town.happens(0.01):
            row = replace(row, given_name=self._slipped(row.given_name))
        return row

    def _cased(self, name: str) -> str:
        return to_ascii(name).upper() if self._town.happens(0.3) else name

    def _miswritten(self, name: str) -> str:
        return self._slipped(name) if self._town.happens(0.02) else name

    def _slipped(self, name: str) -> str:
        return self._slip_of(name, _LETTERS, first=1)

    def _slip_of(self, text: str, signs: str, first: int) -> str:
        """Return a text with one sign lost, doubled, changed or swapped with the next."""
        if len(text) < first + 3:
            return text
        chance = self._town.chance
        at = chance.randrange(first, len(text) - 1)
        one, other = text[at], text[at + 1]
        slips = (other + one, other, one + one + other, chance.choice(signs) + other)
        return text[:at] + chance.choice(slips) + text[at + 2 :]


def _civility(adult: Adult) -> Civility:
    return Civility.MADAM if adult.woman else Civility.SIR


def _pupil(child: Child) -> PupilRow:
    level = LEVELS[child.level]
    return PupilRow(
        line=0,
        family_name=child.family,
        usage_name=None,
        given_name=child.given,
        birth_date=child.born,
        ine=None,
        level=level,
        class_label=f"{level} A",
    )


def _mention(child: Child, names_class: bool) -> ChildMention:  # noqa: FBT001
    return ChildMention(
        family_name=child.family,
        usage_name=None,
        given_name=child.given,
        class_label=f"{LEVELS[child.level]} A" if names_class else None,
        birth_date=None,
    )
