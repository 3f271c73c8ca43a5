"""Files of pupils with their guardians beside: which columns are whose."""

from collections.abc import Iterable, Sequence

from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.names import name_key
from educonnect_admin.rosters.columns import Columns, propose
from educonnect_admin.rosters.headings import (
    CHILD_OF_GUARDIAN,
    COMPULSORY,
    GUARDIAN,
    PUPIL,
    REASON_KEY,
    REJECTS,
    base_key,
    field_of,
)
from educonnect_admin.rosters.layouts import SIECLE_TABLE, GuardianBlock, Layout
from educonnect_admin.rosters.problems import Unreadable, UnreadableReason
from educonnect_admin.rosters.rows import FileKind
from educonnect_admin.rosters.vocabulary import Field, Role, Said

_NAMES = frozenset({"family_name", "given_name"})
_CONTACTS = (
    "email", "mobile", "phone", "street", "street_2", "street_3", "street_4", "postcode", "city",
    "country",
)  # fmt: skip
_OF_BLOCK = (*GUARDIAN, "phone", "kinship")
_CIVILITIES = {Role.FATHER: Civility.SIR, Role.MOTHER: Civility.MADAM}
_KINSHIPS = {Role.FATHER: "20", Role.MOTHER: "10"}
"""SIECLE's two digits."""


def family_layout(headings: tuple[str, ...], columns: Columns, line: int) -> Layout | None:
    """Return the layout of a file of pupils with their guardians beside, if it is one."""
    said = {at: found for at, h in enumerate(headings) if (found := field_of(h, columns))}
    repeated: list[int] = []
    pupil = _best(said, (Role.PUPIL, Role.NONE), 0, tuple(PUPIL), repeated)
    blocks = _guardian_blocks(said, headings, repeated) if _is_complete(pupil) else {}
    if not blocks:
        return None
    _refuse_misspelt(headings, said, blocks, line)
    if repeated:
        what = headings[repeated[0]]
        raise Unreadable(UnreadableReason.REPEATED_HEADING, line=line, what=what)
    used = {column: name for name, column in pupil.items()}
    for (role, number), block in blocks.items():
        used |= {at: Field(role, number, name).code for name, at in block.items()}
    is_siecle = _is_siecle(headings)
    form = SIECLE_TABLE if is_siecle else "families"
    if REASON_KEY in map(name_key, headings):
        form = REJECTS
    guardians = tuple(
        GuardianBlock(
            Layout(FileKind.GUARDIANS, form, headings, block),
            civility=_CIVILITIES.get(role),
            kinship=_KINSHIPS.get(role),
            legal=True if is_siecle else None,
        )
        for (role, _), block in blocks.items()
    )
    return Layout(FileKind.FAMILIES, form, headings, pupil, (), used, guardians)


def _refuse_misspelt(
    headings: Sequence[str],
    said: dict[int, Said],
    blocks: dict[tuple[Role, int], dict[str, int]],
    line: int,
) -> None:
    """Refuse a lone family name beside what looks like a given name, misspelt."""
    for at, heading in enumerate(headings):
        near = propose(heading) if heading and at not in said else None
        block = blocks.get((near.role, near.number)) if near else None
        if near and block and near.name == "given_name" and "full_name" in block:
            what = COMPULSORY[FileKind.GUARDIANS]["given_name"]
            raise Unreadable(UnreadableReason.PROPOSED_HEADING, line=line, what=what, near=heading)


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
    found: dict[tuple[Role, int], dict[str, int]] = {}
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
