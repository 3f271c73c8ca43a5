"""Which files a campaign has added to a folder that holds others already: those are to print."""

from pathlib import Path

from educonnect_admin.cli.speech import Speech, counted
from educonnect_admin.domain.campaigns import CampaignReport
from educonnect_admin.reports.morning_table import is_first_night

_FILES_NAMED, _SCHOOLS_NAMED = 10, 10


def tell_new_files(speech: Speech, folder: Path, report: CampaignReport) -> None:
    """Name the new files, or their schools where they are many; nothing where all are new."""
    schools = [school for school in report.schools if any(file.is_new for file in school.files)]
    if not schools or is_first_night(report):
        return
    paths = [
        folder / school.folder / file.name
        for school in schools
        for file in school.files
        if file.is_new
    ]
    if len(paths) <= _FILES_NAMED:
        speech.say("À imprimer maintenant :")
        for path in paths:
            speech.say(f"  {path}")
        return
    where = ", ".join(school.uai for school in schools[:_SCHOOLS_NAMED])
    more = "…" if len(schools) > _SCHOOLS_NAMED else ""
    speech.say(
        f"À imprimer maintenant : {counted(len(paths), 'fichier')} de "
        f"{counted(len(schools), 'école')} ({where}{more}), que le bilan nomme."
    )
