"""Who does the work of a campaign: processes of this machine, or a cluster."""

from educonnect_admin.campaigns.crews import Crew, LocalCrew
from educonnect_admin.cores import available_cores
from educonnect_admin.domain.desk_errors import ContradictoryOptions
from educonnect_admin.edge import Services


def hire(services: Services, workers: int | None, dask: str | None, *, default: int = 0) -> Crew:
    """Return who does the work.

    Args:
        services: The office; workers of this machine open the same.
        workers: As typed.
        dask: As typed.
        default: How many workers where nothing was typed; 0: as many as cores.

    Raises:
        ContradictoryOptions: workers of this machine and of a cluster at once.
        DaskMissing, ClusterUnavailable: there is no cluster to be had.
    """
    if dask is not None and workers is not None:
        raise ContradictoryOptions("--workers", "--dask")
    if dask is not None:
        # Lazily: half a second, and most campaigns run on one machine.
        from educonnect_admin.campaigns.dask_crew import DaskCrew

        return DaskCrew(dask)
    return LocalCrew(services.settings, workers or default or available_cores())
