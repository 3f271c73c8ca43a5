"""What a file is, by its headings: whom it lists, in which generation of the exports."""

from collections.abc import Sequence

from educonnect_admin.domain.names import tidy
from educonnect_admin.rosters.columns import NOTHING_SAID, Columns, propose
from educonnect_admin.rosters.family_layouts import family_layout
from educonnect_admin.rosters.headings import (
    CHILD_BY_KEY,
    CHILD_OF_GUARDIAN,
    COMPULSORY,
    CONTACTS,
    GUARDIAN,
    GUARDIAN_MARKS,
    PUPIL,
    REASON_KEY,
    REJECTS,
    TEACHER,
    base_key,
    known_keys,
    numbered,
)
from educonnect_admin.rosters.layouts import Layout
from educonnect_admin.rosters.problems import Unreadable, UnreadableReason
from educonnect_admin.rosters.rows import FileKind

_NAMES = frozenset({"family_name", "given_name"})


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
    families = family_layout(headings, columns, line)
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
    if REASON_KEY in keys:
        return REJECTS
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
