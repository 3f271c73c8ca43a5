"""Where the fields of a file stand: whom it lists, which column holds what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.names import name_key, tidy
from educonnect_admin.rosters.columns import NOTHING_SAID, Columns, propose
from educonnect_admin.rosters.headings import (
    CHILD_BY_KEY,
    CHILD_OF_GUARDIAN,
    COMPULSORY,
    CONTACTS,
    GUARDIAN,
    GUARDIAN_MARKS,
    PUPIL,
    TEACHER,
    base_key,
    field_of,
    known_keys,
    numbered,
)
from educonnect_admin.rosters.problems import Unreadable, UnreadableReason
from educonnect_admin.rosters.rows import FileKind
from educonnect_admin.rosters.vocabulary import Field, Role, Said

_NAMES = frozenset({"family_name", "given_name"})
_CONTACTS = (
    "email", "mobile", "phone", "street", "street_2", "street_3", "street_4", "postcode", "city",
    "country",
)  # fmt: skip
_OF_BLOCK = (*GUARDIAN, "phone", "kinship")
_PARENTS = {
    Role.FATHER: (Civility.SIR, "20"),
    Role.MOTHER: (Civility.MADAM, "10"),
}
"""What «père» and «mère» say: a civility, and SIECLE's two digits."""


@dataclass(frozen=True, slots=True)
class GuardianBlock:
    """The columns of one guardian beside a pupil; what the heading says of every one of them."""

    layout: "Layout"
    civility: Civility | None = None
    kinship: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each field of a file stands: column numbers from 0, blocks in order."""

    kind: FileKind
    format: str
    headings: tuple[str, ...]
    columns: dict[str, int]
    children: tuple[dict[str, int], ...] = ()
    used: dict[int, str] = field(default_factory=dict)
    guardians: tuple[GuardianBlock, ...] = ()

    def mapping(self) -> dict[str, str]:
        """Return each heading as it stands in the file with the field it was taken for."""
        found: dict[str, str] = {}
        for index, heading in enumerate(self.headings):
            found[heading] = found.get(heading) or self.used.get(index, "")
        found.pop("", None)
        return found


def recognise(
    headings: Sequence[str], *, line: int, quoted: bool, columns: Columns = NOTHING_SAID
) -> Layout:
    """Tell what a file is and where its fields stand.

    Args:
        headings: The row of headings.
        line: Its line, for the errors.
        quoted: Whether headings stand in quotes, which tells BE1D's generations apart.
        columns: What somebody said of some headings.

    Raises:
        Unreadable: TEACHERS_FILE, MISSING_HEADING, PROPOSED_HEADING or REPEATED_HEADING, with
            the heading.
    """
    headings = _without_empty_end([tidy(heading) for heading in headings])
    families = _families(headings, columns, line)
    if families is not None:
        return families
    keys = known_keys(headings, columns)
    bases = frozenset(map(base_key, keys))
    kind = _kind(bases, line)
    children = _child_blocks(keys) if kind is FileKind.GUARDIANS else ()
    taken = {column for block in children for column in block.values()}
    names = PUPIL if kind is FileKind.PUPILS else GUARDIAN
    found = _columns(headings, keys, names, taken, line)
    present = set(found) | {f"child_{name}" for block in children for name in block}
    _refuse_missing(kind, present, headings, columns, line)
    used = {column: name for name, column in found.items()}
    used |= {at: f"child_{name}" for block in children for name, at in block.items()}
    form = _format(kind, frozenset(map(base_key, headings)), quoted=quoted)
    return Layout(kind, form, headings, found, children, used)


def _without_empty_end(headings: list[str]) -> tuple[str, ...]:
    """Drop what pads the row of headings to the width of the widest row."""
    while headings and not headings[-1]:
        headings.pop()
    return tuple(headings)


def _families(headings: tuple[str, ...], columns: Columns, line: int) -> Layout | None:
    """Return the layout of a file of pupils with their guardians beside, if it is one."""
    said = {at: found for at, h in enumerate(headings) if (found := field_of(h, columns))}
    repeated: list[int] = []
    pupil = _best(said, (Role.PUPIL, Role.NONE), 0, tuple(PUPIL), repeated)
    blocks = _guardian_blocks(said, headings, repeated) if _is_complete(pupil) else {}
    if not blocks:
        return None
    if repeated:
        what = headings[repeated[0]]
        raise Unreadable(UnreadableReason.REPEATED_HEADING, line=line, what=what)
    used = {column: name for name, column in pupil.items()}
    for (role, number), block in blocks.items():
        used |= {at: Field(role, number, name).code for name, at in block.items()}
    form = "siecle-table" if _is_siecle(headings) else "families"
    guardians = tuple(
        GuardianBlock(
            Layout(FileKind.GUARDIANS, form, headings, block), *_PARENTS.get(role, (None, None))
        )
        for (role, _), block in blocks.items()
    )
    return Layout(FileKind.FAMILIES, form, headings, pupil, (), used, guardians)


def _is_complete(pupil: dict[str, int]) -> bool:
    return "birth_date" in pupil and ("full_name" in pupil or pupil.keys() >= _NAMES)


def _is_siecle(headings: Iterable[str]) -> bool:
    keys = [name_key(heading) for heading in headings]
    return any(key.endswith(("resplegal1", "respleg1")) for key in keys)


def _guardian_blocks(
    said: dict[int, Said], headings: Sequence[str], repeated: list[int]
) -> dict[tuple[Role, int], dict[str, int]]:
    """Return the columns of each guardian that a file names, in the order of their columns.

    A contact without a name belongs to nobody: its columns stay unused. One guardian without
    a number is beside a pupil only where the headings are not those of a guardians' file;
    the contacts that do not say whose they are are then this one's.
    """
    whose = {
        (found.field.role, found.field.number): None
        for found in said.values()
        if found.field.role in {Role.GUARDIAN, Role.FATHER, Role.MOTHER}
    }
    if any(number or role is not Role.GUARDIAN for role, number in whose):
        whose.pop((Role.GUARDIAN, 0), None)
    elif frozenset(map(base_key, headings)) & CHILD_OF_GUARDIAN or not _has_plain_date(said):
        return {}
    found = {}
    for role, number in whose:
        twice: list[int] = []
        block = _best(said, (role,), number, _OF_BLOCK, twice)
        if (role, number) == (Role.GUARDIAN, 0):
            block = _best(said, (Role.NONE,), 0, _CONTACTS, twice) | block
        if named := _named(block):
            found[role, number] = named
            repeated += twice
    return found


def _has_plain_date(said: dict[int, Said]) -> bool:
    return any(found.field == Field(Role.NONE, 0, "birth_date") for found in said.values())


def _named(block: dict[str, int]) -> dict[str, int] | None:
    """Return a block that names somebody; a lone name stands for the whole one."""
    if "phone" in block:
        phone = block["phone"]
        block = {name: at for name, at in block.items() if name != "phone"}
        block.setdefault("mobile", phone)
    if block.keys() >= _NAMES:
        return {name: at for name, at in block.items() if name != "full_name"}
    if "full_name" in block:
        return {name: at for name, at in block.items() if name not in _NAMES}
    if "family_name" in block:
        return {("full_name" if n == "family_name" else n): at for n, at in block.items()}
    return None


def _best(
    said: dict[int, Said],
    roles: Sequence[Role],
    number: int,
    names: Sequence[str],
    repeated: list[int],
) -> dict[str, int]:
    """Return the column of each field: of the first role that has it, said the surest way.

    What is said twice in the same way is noted in `repeated`.
    """
    found: dict[str, int] = {}
    for name in names:
        for role in roles:
            wanted = Field(role, number, name)
            at = sorted((one.rank, at) for at, one in said.items() if one.field == wanted)
            if len(at) > 1 and at[0][0] == at[1][0]:
                repeated.append(at[1][1])
            if at:
                found[name] = at[0][1]
                break
    if found.keys() >= _NAMES:
        found.pop("full_name", None)
    return found


def _kind(keys: frozenset[str], line: int) -> FileKind:
    if keys & GUARDIAN_MARKS or ("nom" in keys and keys & CHILD_OF_GUARDIAN):
        return FileKind.GUARDIANS
    if keys & TEACHER:
        raise Unreadable(UnreadableReason.TEACHERS_FILE, line=line)
    if keys & {"nomeleve", "prenomeleve", *PUPIL["birth_date"]} or not keys & CONTACTS:
        return FileKind.PUPILS
    return FileKind.GUARDIANS


def _columns(
    headings: Sequence[str],
    keys: Sequence[str],
    names: dict[str, tuple[str, ...]],
    taken: set[int],
    line: int,
) -> dict[str, int]:
    columns: dict[str, int] = {}
    for name, aliases in names.items():
        for alias in aliases:
            found = [at for at, key in enumerate(keys) if key == alias and at not in taken]
            if len(found) > 1:
                raise Unreadable(
                    UnreadableReason.REPEATED_HEADING, line=line, what=headings[found[1]]
                )
            if found:
                columns[name] = found[0]
                break
    if columns.keys() >= _NAMES:
        columns.pop("full_name", None)
    return columns


def _child_blocks(keys: Sequence[str]) -> tuple[dict[str, int], ...]:
    """Gather the columns of children: numbered ones by number, others as they recur."""
    by_number: dict[int, dict[str, int]] = {}
    plain: list[dict[str, int]] = []
    for at, key in enumerate(keys):
        if found := numbered(key):
            name, number = CHILD_BY_KEY[found[0]], found[1]
            by_number.setdefault(number, {}).setdefault(name, at)
        elif key in CHILD_BY_KEY:
            name = CHILD_BY_KEY[key]
            if not plain or name in plain[-1]:
                plain.append({})
            plain[-1][name] = at
    return (*plain, *(by_number[number] for number in sorted(by_number)))


def _refuse_missing(
    kind: FileKind, present: set[str], headings: Sequence[str], columns: Columns, line: int
) -> None:
    for name, heading in COMPULSORY[kind].items():
        prefix, _, last = name.rpartition("child_")
        whole = f"{'child_' if prefix or name != last else ''}full_name"
        if name not in present and not (last in _NAMES and whole in present):
            near = _near(name, headings, columns)
            reason = UnreadableReason.PROPOSED_HEADING if near else UnreadableReason.MISSING_HEADING
            raise Unreadable(reason, line=line, what=heading, near=near)


def _near(name: str, headings: Sequence[str], columns: Columns) -> str:
    """Return a heading that is misspelt where one is missing, if there is one."""
    for heading in headings:
        found = propose(heading) if columns.field_of(heading) is None else None
        if found and found.name in {name.removeprefix("child_"), "full_name"}:
            return heading
    return ""


def _format(kind: FileKind, keys: frozenset[str], *, quoted: bool) -> str:
    """Name the generation; BE1D's last guardians and ONDE's first have the same headings."""
    old = "be1d-quoted" if quoted else "be1d"
    if kind is FileKind.PUPILS:
        return _pupils_format(keys, old)
    if not keys & GUARDIAN_MARKS:
        return "generic"
    if keys & {"nomdefamilleeleve", "prenomeleve", "classeseleves"}:
        return "onde-2020"
    return old if "numerodeposte" in keys else "onde-2017"


def _pupils_format(keys: frozenset[str], old: str) -> str:
    if "prenomeleve" not in keys:
        return "generic"
    if "regroupement" in keys and "dateinscription" in keys and "ine" not in keys:
        return "onde-list"
    if keys & {"dispositif", "dispositifs", "etat", "regroupements"}:
        return "onde-2020"
    if "libelleclasse" in keys or "ine" in keys:
        return "onde-2017"
    return old
