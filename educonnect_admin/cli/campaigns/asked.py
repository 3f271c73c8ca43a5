"""Which schools a campaign is for: an academy's, or those of a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from educonnect_admin.campaigns.outcomes import Outcome
from educonnect_admin.cli.campaigns.left_out import bad_lines
from educonnect_admin.cli.options import usage_error
from educonnect_admin.domain.academies import academy_by_code
from educonnect_admin.domain.campaign_errors import NoSchools
from educonnect_admin.domain.campaigns import LeftOut
from educonnect_admin.domain.desk_errors import ContradictoryOptions
from educonnect_admin.domain.errors import UnknownAcademy, UnknownSchool
from educonnect_admin.edge import Services
from educonnect_admin.queries.campaigns import CampaignSchool, schools_of_academy, schools_of_list
from educonnect_admin.rosters.school_lists import read_list


@dataclass(frozen=True, slots=True)
class Asked:
    """The schools of a campaign, by number.

    Those of a list that nobody knows fail at once; its lines without a number are left out.
    """

    schools: Sequence[CampaignSchool]
    unknown: Sequence[Outcome] = ()
    left_out: Sequence[LeftOut] = ()
    source: str = ""


def asked_schools(services: Services, academy: str | None, schools: Path | None) -> Asked:
    """Return the schools that the options mean.

    Raises:
        ContradictoryOptions: both were typed.
        UnknownAcademy: there is no academy of this code.
        UnreadableFile: the list can't be read.
        NoSchools: the academy has no school here, the list no number.
    """
    if academy is not None and schools is not None:
        raise ContradictoryOptions("--academy", "--schools")
    if schools is not None:
        return _listed(services, schools)
    if academy is None:
        raise usage_error("Missing option '--academy CODE ou --schools FICHIER'.")
    if academy_by_code(academy) is None:
        raise UnknownAcademy(academy)
    with services.reading() as session:
        found = schools_of_academy(session, academy)
    if not found:
        raise NoSchools(academy)
    return Asked(found)


def _listed(services: Services, path: Path) -> Asked:
    listed = read_list(path)
    if not listed.uais:
        raise NoSchools(path.name)
    with services.reading() as session:
        known = schools_of_list(session, listed.uais)
    missing = sorted(set(listed.uais) - {school.uai for school in known})
    every = [*known, *(CampaignSchool(0, uai, "", None) for uai in missing)]
    return Asked(
        sorted(every, key=lambda school: school.uai),
        [Outcome(uai=uai, error=UnknownSchool(uai)) for uai in missing],
        bad_lines(path, listed.without),
        f"Écoles de la liste «{path.name}»",
    )
