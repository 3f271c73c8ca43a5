"""Which links of guardians and children begin, begin again, stay or end (R-60)."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from educonnect_admin.office.importing.plan_guardians import PlannedGuardians, Said
from educonnect_admin.office.importing.roster_plan import Known, LinkDecision, LinkVerdict, Ref
from educonnect_admin.queries.rosters import Bond, KnownLinks

_FULL = Bond(legal=True, kinship=None)
"""What every guardian of ONDE is to a child: it does not tell more (R-60)."""


@dataclass(slots=True)
class PlannedLinks:
    """The part of a plan that is about links; `covered` counts those that could have ended."""

    decisions: list[LinkDecision] = field(default_factory=list)
    kept: int = 0
    covered: int = 0


def plan_links(
    planned: PlannedGuardians, known: KnownLinks, covered: AbstractSet[int]
) -> PlannedLinks:
    """Decide on every link that the guardians' files state, or no longer state.

    Args:
        planned: The guardians of the files and the children they name.
        known: The links that the school's records have.
        covered: The pupils whom the files of pupils and of guardians both speak of: either
            may be of some classes only. A link ends only when the files hold both sides'
            news: the pupil is one of them, no row states the link, and nothing about
            either side is uncertain.
    """
    links = PlannedLinks()
    stated: dict[int, set[int]] = {}
    told: set[tuple[Ref, Ref]] = set()
    for ref, record, pupils in planned.named:
        for pupil, said in sorted(pupils.items(), key=lambda one: _order(one[0])):
            # Two rows of one record may name one child, where somebody said whose they are.
            if (ref, pupil) not in told:
                _state(links, known, ref, pupil, said)
            told.add((ref, pupil))
        if record:
            stated.setdefault(record.id, set()).update(
                pupil.id for pupil in pupils if isinstance(pupil, Known)
            )
    for guardian_id, pupil_ids in sorted(known.open.items()):
        about = pupil_ids & covered
        links.covered += len(about)
        if guardian_id not in planned.sheltered_guardians:
            gone = about - stated.get(guardian_id, set()) - planned.sheltered_pupils
            links.decisions += [
                LinkDecision(
                    verdict=LinkVerdict.ENDED, guardian=Known(guardian_id), pupil=Known(pupil_id)
                )
                for pupil_id in sorted(gone)
            ]
    return links


def _order(ref: Ref) -> tuple[bool, int]:
    return (True, ref.id) if isinstance(ref, Known) else (False, ref.at)


def _state(links: PlannedLinks, known: KnownLinks, guardian: Ref, pupil: Ref, said: Said) -> None:
    verdict, bond = LinkVerdict.NEW, _FULL
    if isinstance(guardian, Known) and isinstance(pupil, Known):
        ends = guardian.id, pupil.id
        bond = known.bonds.get(ends, _FULL)
        if pupil.id in known.open.get(guardian.id, ()):
            if _heard(bond, said) == bond:
                links.kept += 1
                return
            verdict = LinkVerdict.CHANGED
        elif ends in known.ended:
            verdict = LinkVerdict.REOPENED
    heard = _heard(bond, said)
    links.decisions.append(
        LinkDecision(
            verdict=verdict,
            guardian=guardian,
            pupil=pupil,
            legal=heard.legal,
            kinship=heard.kinship,
        )
    )


def _heard(bond: Bond, said: Said) -> Bond:
    """Return what a link is once a file has spoken; what it does not tell stays (R-60)."""
    return Bond(
        bond.legal if said.legal is None else said.legal,
        bond.kinship if said.kinship is None else said.kinship,
    )


def guardians_left_alone(
    links: PlannedLinks,
    known: KnownLinks,
    before: AbstractSet[int],
    after: AbstractSet[int],
) -> int:
    """Return how many records had a child enrolled here before the import and none after.

    Args:
        links: What the import does to links.
        known: The links before it.
        before: The pupils enrolled before.
        after: The pupils known before who are enrolled after.
    """
    ended: dict[int, set[int]] = {}
    kept: set[int] = set()
    for link in links.decisions:
        if isinstance(link.guardian, Known):
            if link.verdict is LinkVerdict.CHANGED:
                continue
            if link.verdict is LinkVerdict.ENDED and isinstance(link.pupil, Known):
                ended.setdefault(link.guardian.id, set()).add(link.pupil.id)
            else:
                kept.add(link.guardian.id)
    return sum(
        not pupils.isdisjoint(before)
        and (pupils - ended.get(guardian_id, set())).isdisjoint(after)
        and guardian_id not in kept
        for guardian_id, pupils in known.open.items()
    )
