"""What was given for a campaign and is no school's, and the schools for which nothing was."""

from collections.abc import Collection, Iterable
from pathlib import Path

from educonnect_admin.cli.speech import Speech, counted
from educonnect_admin.domain.campaigns import CampaignKind, CampaignReport, LeftOut, SilentSchool
from educonnect_admin.domain.errors import InvalidUAI
from educonnect_admin.domain.uai import parse_uai
from educonnect_admin.edge import Services
from educonnect_admin.queries.campaigns import all_schools
from educonnect_admin.rosters.school_folders import numbers_in

_TOLD = 10


def stray_files(folder: Path, files: Iterable[Path]) -> list[LeftOut]:
    """Return the files of a folder that are no school's, and why each is not.

    By their path: every extraction of ONDE bears the same name.
    """
    paths = (path.relative_to(folder) for path in files)
    return [LeftOut(where=path.as_posix(), why=_why(path.parts[0])) for path in paths]


def _why(name: str) -> str:
    """Say why a name at the top of the folder is not that of a school."""
    numbers = numbers_in(name)
    if not numbers:
        return "Ni le nom du fichier ni celui de son dossier ne porte un numéro UAI."
    if len(numbers) > 1:
        return f"Son nom porte deux numéros : {' et '.join(numbers)}."
    try:
        parse_uai(numbers[0])
    except InvalidUAI as error:
        if error.expected:
            said = f"la lettre de contrôle devrait être {error.expected}"
            return f"{numbers[0]} n'est pas un numéro UAI : {said}."
    return f"{numbers[0]} n'est pas un numéro UAI : aucun département n'a ce début."


def bad_lines(path: Path, lines: Iterable[int]) -> list[LeftOut]:
    """Return the lines of a list that hold no number of a school."""
    why = "Pas de numéro UAI juste."
    return [LeftOut(where=f"{path.name}, ligne {line}", why=why) for line in lines]


def silent_schools(services: Services, given: Collection[str]) -> list[SilentSchool]:
    """Return the schools of the office that are not among those given."""
    with services.reading() as session:
        schools = all_schools(session)
    return [
        SilentSchool(uai=school.uai, name=school.name, city=school.city)
        for school in schools
        if school.uai not in given
    ]


def tell_left_out(speech: Speech, report: CampaignReport) -> None:
    """Tell what is no school's, and which schools gave nothing."""
    if report.left_out:
        is_import = report.kind is CampaignKind.IMPORT
        words = ("fichier", "fichiers") if is_import else ("ligne", "lignes")
        said = counted(
            len(report.left_out), f"{words[0]} d'aucune école", f"{words[1]} d'aucune école"
        )
        speech.warn(f"{said} :")
        for one in report.left_out[:_TOLD]:
            speech.warn(f"  {one.where} : {one.why}")
        _tell_more(speech, len(report.left_out))
    if report.silent:
        said = counted(
            len(report.silent), "école du bureau sans fichier", "écoles du bureau sans fichier"
        )
        speech.warn(f"{said} :")
        for school in report.silent[:_TOLD]:
            speech.warn(f"  {school.uai} {school.name}")
        _tell_more(speech, len(report.silent))


def _tell_more(speech: Speech, number: int) -> None:
    if number > _TOLD:
        speech.warn(f"  … et {counted(number - _TOLD, 'autre')} ; le bilan (--report) les nomme.")
