"""Which of the files found go together: the pupils and the guardians who name them."""

from collections.abc import Iterable, Sequence

from educonnect_admin.cli.guide.candidates import Candidate
from educonnect_admin.domain.names import name_key
from educonnect_admin.rosters.rows import ChildMention, FileKind, PupilRow

ENOUGH = 0.5
"""The share of the children named by the guardians that must be among the pupils."""


def proposal(candidates: Sequence[Candidate], uai: str) -> tuple[Candidate, ...]:
    """Return the files to propose: the newest that list pupils and guardians, else the newest one.

    Args:
        candidates: The newest first.
        uai: The school; a file that says to be another's is never proposed.
    """
    fitting = [one for one in candidates if one.school in {None, uai}]
    for newest in fitting:
        together = _together(newest, fitting)
        if frozenset[FileKind]().union(*(one.kinds for one in together)) >= _BOTH:
            return together
    return tuple(fitting[:1])


_BOTH = frozenset({FileKind.PUPILS, FileKind.GUARDIANS})


def _together(newest: Candidate, fitting: Sequence[Candidate]) -> tuple[Candidate, ...]:
    if newest.kinds == {FileKind.PUPILS}:
        return (newest, *_best(newest, [(newest, one) for one in fitting]))
    if newest.kinds == {FileKind.GUARDIANS}:
        return (*_best(newest, [(one, newest) for one in fitting]), newest)
    return (newest,)


def _best(newest: Candidate, pairs: Iterable[tuple[Candidate, Candidate]]) -> tuple[Candidate, ...]:
    """Return the fellow of a file: the one that shares most children with it, if most of them."""
    best, most = None, ENOUGH
    for pupils, guardians in pairs:
        if pupils.kinds == {FileKind.PUPILS} and guardians.kinds == {FileKind.GUARDIANS}:
            share = children_shared(pupils, guardians)
            if share > most:
                best, most = (guardians if pupils is newest else pupils), share
    return (best,) if best else ()


def children_shared(pupils: Candidate, guardians: Candidate) -> float:
    """Return the share, from 0 to 1, of the children named by guardians who are among pupils."""
    known = {key for reading in pupils.readings for row in reading.pupils for key in _keys(row)}
    mentions = [
        child
        for reading in guardians.readings
        for guardian in reading.guardians
        for child in guardian.children
    ]
    met = sum(not known.isdisjoint(_keys(child)) for child in mentions)
    return met / len(mentions) if mentions else 0.0


def _keys(named: PupilRow | ChildMention) -> set[tuple[str, str]]:
    """Return what a child may be met by: a number, a surname with the given name."""
    numbers = {("", named.source_id)} if named.source_id else set()
    surnames = {named.family_name, named.usage_name or ""} - {""}
    return numbers | {(name_key(name), name_key(named.given_name)) for name in surnames}
