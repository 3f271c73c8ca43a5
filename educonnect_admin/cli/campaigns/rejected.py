"""`--rejects DOSSIER`: the refused rows of each school, in a workbook of its own."""

from collections.abc import Sequence
from pathlib import Path

from educonnect_admin.campaigns.import_school import last_plan, planned_again
from educonnect_admin.campaigns.orders import ImportOfSchool
from educonnect_admin.campaigns.run import Ended
from educonnect_admin.cli.campaigns.one_school import has_refused
from educonnect_admin.cli.failures import explain
from educonnect_admin.cli.options import filled
from educonnect_admin.cli.rejects import write_rejects
from educonnect_admin.cli.speech import Speech, counted
from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.errors import EduConnectError
from educonnect_admin.edge import Services, clock
from educonnect_admin.homes import at_home
from educonnect_admin.office.written_files import free_path
from educonnect_admin.rosters.read import read_files


def write_all_rejects(
    services: Services,
    speech: Speech,
    option: str | None,
    orders: Sequence[ImportOfSchool],
    ended: Ended,
) -> dict[str, str]:
    """Write a workbook for each school of which rows were refused, all too, and tell how many.

    Their files are read once more, one school at a time: few have any, and the rows of a whole
    academy would not fit into memory. A workbook of that name, of a former run, stays.

    Returns:
        The paths, by school.
    """
    if option is None:
        return {}
    folder = at_home(Path(filled(option, "--rejects"))).absolute()
    refused = {outcome.uai for outcome in ended.outcomes if has_refused(outcome)}
    written = {}
    for order in orders:
        if order.uai in refused and (path := _written(services, speech, folder, order)):
            written[order.uai] = str(path)
    if written:
        said = counted(len(written), "classeur de lignes refusées", "classeurs de lignes refusées")
        speech.say(f"{said} dans {folder}")
    return written


def _written(
    services: Services, speech: Speech, folder: Path, order: ImportOfSchool
) -> Path | None:
    try:
        today = day_in("Europe/Paris", clock())
        # By the day: the next night gives back what is refused then.
        path = free_path(folder / f"{order.uai}-lignes-refusees-{today}.xlsx")
        readings = read_files(order.files, today=today, columns=order.columns)
        # Not every import is kept: none of which all was refused.
        plan = last_plan(services, order) or planned_again(services, order, readings)
        return write_rejects(path, plan, readings).path
    except EduConnectError as error:
        speech.warn(f"{order.uai} : {explain(error)[0]}")
        return None
