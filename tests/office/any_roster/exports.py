"""What a school's software writes about the village, and of whom each row really is."""

from dataclasses import dataclass, field, replace
from typing import Any

from educonnect_admin.rosters.problems import Problem, ProblemCode
from educonnect_admin.rosters.rows import ChildMention, FileKind, GuardianRow, PupilRow, Reading
from tests.office.any_roster.village import LEVELS, NAMESAKES, Adult, Kid, Village
from tests.support.families import file_of, guardian, pupil

Spot = tuple[int, int]
"""A row: the number of its file, its line."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What somebody asks the software for.

    `labels` is what the guardians' file calls a class: its label, its level, nothing.
    """

    school: str
    classes: frozenset[str] = frozenset(LEVELS)
    siecle: bool = False
    labels: str = "label"
    pupils: bool = True
    guardians: bool = True
    one_file: bool = False
    file_a_class: bool = False
    backwards: bool = False
    picked: frozenset[str] | None = None
    """The people whose rows alone are given, as in a workbook of refused rows."""


@dataclass
class Export:
    """Files, with the truth beside them."""

    order: Order
    readings: list[Reading] = field(default_factory=list)
    people: dict[Spot, str] = field(default_factory=dict)
    mentions: dict[Spot, list[str]] = field(default_factory=dict)
    """The children whom a guardian's row names, in its order."""
    refused: set[tuple[str, str]] = field(default_factory=set)
    """The names, as written, of the children whose rows the reader refuses."""

    @property
    def is_whole(self) -> bool:
        """Whether the files hold every row of the school."""
        return self.order.picked is None and self.order.classes == frozenset(LEVELS)


@dataclass
class _Written:
    """A row as the reader gives it: taken, or refused or left out with a reason."""

    who: str
    row: PupilRow | GuardianRow
    kids: list[str] = field(default_factory=list)
    code: ProblemCode | None = None


class Software:
    """Writes the exports of a village's schools."""

    def __init__(self, village: Village) -> None:
        self.village = village

    def write(self, order: Order) -> Export:
        """Write what is asked for."""
        export = Export(order)
        heaps = [*self._pupils(order), *self._guardians(order)]
        if order.one_file:
            heaps = [[one for heap in heaps for one in heap]]
        for heap in heaps:
            if heap:
                _add(export, heap[::-1] if order.backwards else heap, order)
        return export

    def _pupils(self, order: Order) -> list[list[_Written]]:
        if not order.pupils:
            return []
        kids = [
            kid
            for kid in self.village.pupils_of(order.school)
            if kid.places[order.school] in order.classes and _is_picked(order, kid.who)
        ]
        labels = sorted(order.classes) if order.file_a_class else [None]
        heaps = [
            [self._pupil(order, k) for k in kids if label in {None, k.places[order.school]}]
            for label in labels
        ]
        heaps.append(
            [
                _with(self._pupil(order, kid), class_label="CE1")
                for kid in kids
                if self._has(order, kid.who, "twice")
            ]
        )
        return heaps if not order.one_file else heaps[:-1]

    def _has(self, order: Order, who: str, quirk: str) -> bool:
        return self.village.has(order.school, who, quirk)

    def _given(self, order: Order, kid: Kid) -> str:
        return kid.misspelt if self._has(order, kid.who, "misspelt") else kid.given

    def _pupil(self, order: Order, kid: Kid) -> _Written:
        label = kid.places[order.school]
        facts: dict[str, Any] = {
            "usage_name": kid.usage,
            "ine": None if self._has(order, kid.who, "no_ine") else self._number(order, kid),
            "level": None if self._has(order, kid.who, "no_level") else LEVELS[label],
            "class_label": None if self._has(order, kid.who, "no_class") else label,
            "source_id": f"E{kid.number}" if order.siecle else None,
        }
        born = kid.misdated if self._has(order, kid.who, "misdated") else kid.born
        row = pupil(self._given(order, kid), kid.family, born, **facts)
        code = None
        if self._has(order, kid.who, "refused"):
            code = ProblemCode.NO_BIRTH_DATE
        elif order.siecle and self._has(order, kid.who, "left_out"):
            code = ProblemCode.LEFT_OUT
        return _Written(kid.who, row, code=code)

    def _number(self, order: Order, kid: Kid) -> str | None:
        twins = {"alice": "alix", "alix": "alice"}
        other = self.village.kids.get(twins.get(kid.who, ""))
        if (
            other is None
            or order.school not in self.village.exchanged
            or order.picked is not None
            or other.places.get(order.school) != kid.places[order.school]
        ):
            return kid.ine
        return other.ine

    def _guardians(self, order: Order) -> list[list[_Written]]:
        if not order.guardians:
            return []
        rows = [
            row
            for adult in self.village.adults.values()
            if _is_picked(order, adult.who)
            for row in self._rows_of(order, adult)
        ]
        # The reader drops what repeats another row word for word.
        return [[one for at, one in enumerate(rows) if one.row not in [r.row for r in rows[:at]]]]

    def _rows_of(self, order: Order, adult: Adult) -> list[_Written]:
        kids = [kid for kid in self._named(order) if adult.who in kid.bonds]
        inside = [kid for kid in kids if kid.places[order.school] in order.classes]
        if not inside:
            return []
        rows = [self._guardian(order, adult, kids)]
        if self._has(order, adult.who, "twice"):
            rows = [self._guardian(order, adult, [kid]) for kid in kids]
        for quirk, mobile in (
            ("twice_otherwise", f"+3361111{adult.number:04}"),
            ("twice_unsurely", None),
        ):
            if self._has(order, adult.who, quirk):
                rows.append(_with(self._guardian(order, adult, kids), mobile=mobile))
        return rows

    def _named(self, order: Order) -> list[Kid]:
        """Return the children whom the guardians' file may name."""
        is_whole = order.pupils and order.picked is None
        return [
            kid
            for kid in self.village.pupils_of(order.school)
            if kid.who not in NAMESAKES
            or order.siecle
            or (is_whole and kid.places[order.school] in order.classes)
        ]

    def _guardian(self, order: Order, adult: Adult, kids: list[Kid]) -> _Written:
        def cell(name: str) -> Any:
            lacks = self._has(order, adult.who, f"no_{name}")
            return None if lacks else getattr(adult, name)

        usage, family = cell("usage"), adult.family
        if adult.usage and self._has(order, adult.who, "usage_alone"):
            usage, family = None, adult.usage
        given = adult.given
        if self._has(order, adult.who, "misspelt"):
            given = f"{given}{'abcdefghijklmnop'[adult.number]}"
        has_street = cell("street") is not None
        row = guardian(
            given,
            family,
            *(self._mention(order, adult, kid) for kid in kids),
            civility=cell("civility"),
            usage_name=usage,
            email=cell("email"),
            mobile=cell("mobile"),
            street=cell("street"),
            postcode="59000" if has_street else None,
            city="Lille" if has_street else None,
            source_id=f"P{adult.number}" if order.siecle else None,
        )
        refused = self._has(order, adult.who, "refused")
        code = ProblemCode.NO_FAMILY_NAME if refused else None
        return _Written(adult.who, row, [kid.who for kid in kids], code)

    def _mention(self, order: Order, adult: Adult, kid: Kid) -> ChildMention:
        if order.siecle:
            bond = kid.bonds[adult.who]
            return ChildMention(
                family_name="",
                usage_name=None,
                given_name="",
                class_label=None,
                birth_date=None,
                source_id=f"E{kid.number}",
                legal=bond.legal,
                kinship=bond.kinship,
            )
        label = kid.places[order.school]
        return ChildMention(
            family_name=kid.family,
            usage_name=kid.usage,
            given_name=self._given(order, kid),
            class_label={"label": label, "level": LEVELS[label]}.get(order.labels),
            birth_date=None,
        )


def _is_picked(order: Order, who: str) -> bool:
    return order.picked is None or who in order.picked


def _with(written: _Written, **facts: Any) -> _Written:
    """Return a row again that says something else."""
    return replace(written, row=replace(written.row, **facts))


def _add(export: Export, heap: list[_Written], order: Order) -> None:
    """Add a file: the rows that are taken first, then the others."""
    at = len(export.readings)
    taken = [one for one in heap if one.code is None]
    others = [one for one in heap if one.code is not None]
    for line, one in enumerate([*taken, *others], start=2):
        export.people[at, line] = one.who
        export.mentions[at, line] = one.kids
    numbered = list(enumerate(others, start=len(taken) + 2))
    pupils = [one for one in others if isinstance(one.row, PupilRow)]
    refused = [one for one in pupils if one.code is not ProblemCode.LEFT_OUT]
    export.refused |= {(one.row.given_name, one.row.family_name) for one in refused}
    reading = file_of(*(one.row for one in taken), name=f"{at}.csv")
    kinds = {type(one.row) for one in heap}
    export.readings.append(
        replace(
            reading,
            kind=_kind(kinds),
            format="siecle" if order.siecle else "onde-2017",
            rows=len(heap),
            problems=tuple(Problem(code=one.code, line=n) for n, one in numbered if one.code),
            refused_pupils=tuple(_shadow(one) for one in refused),
            left_out_pupils=tuple(_shadow(one) for one in pupils if one not in refused),
            refused_children=tuple(
                child for one in others if isinstance(one.row, GuardianRow)
                for child in one.row.children
            ),
            school=order.school if order.siecle else None,
            is_partial=order.picked is not None,
        )
    )  # fmt: skip


def _kind(kinds: set[type]) -> FileKind:
    if len(kinds) == 2:
        return FileKind.FAMILIES
    return FileKind.PUPILS if PupilRow in kinds else FileKind.GUARDIANS


def _shadow(one: _Written) -> ChildMention:
    row = one.row
    assert isinstance(row, PupilRow)
    return ChildMention(
        family_name=row.family_name,
        usage_name=row.usage_name,
        given_name=row.given_name,
        class_label=row.class_label,
        birth_date=None if one.code is ProblemCode.NO_BIRTH_DATE else row.birth_date,
        source_id=row.source_id,
    )
