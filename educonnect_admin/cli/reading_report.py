"""What `roster read` tells of a file: what it was taken for, column by column."""

from collections.abc import Iterable
from typing import Any

from educonnect_admin.cli.problem_list import Placed, problem_as_json, tell_problems
from educonnect_admin.cli.speech import Speech, counted
from educonnect_admin.rosters.rows import FileKind, Reading
from educonnect_admin.rosters.tables import SkipReason

KINDS = {
    FileKind.PUPILS: "élèves",
    FileKind.GUARDIANS: "responsables",
    FileKind.FAMILIES: "familles",
}
FORMATS = {
    "be1d": "BE1D sans guillemets",
    "be1d-quoted": "BE1D avec guillemets",
    "onde-2017": "ONDE, à partir de 2017",
    "onde-2020": "ONDE, à partir de 2020",
    "onde-list": "ONDE, liste des élèves",
    "families": "tableur, un élève par ligne et ses responsables à côté",
    "siecle-table": "SIECLE, extraction en tableur",
    "siecle": "SIECLE, fichier XML",
    "generic": "tableur, colonnes reconnues par leurs titres",
    "rejects": "lignes refusées, rendues pour correction",
}
SKIPPED = {
    SkipReason.NO_HEADINGS: "pas d'en-têtes connus",
    SkipReason.HEADINGS_ONLY: "des en-têtes, personne dessous",
    SkipReason.HIDDEN: "masquée",
    SkipReason.TEACHERS: "liste d'enseignants",
}


def tell_reading(speech: Speech, reading: Reading) -> None:
    """Tell what a file is, which columns are used, and what is wrong with it."""
    tell_skipped(speech, [reading])
    speech.say(f"{reading.label} : fichier des {KINDS[reading.kind]}")
    speech.say(f"  Format : {FORMATS.get(reading.format, reading.format)} ; {reading.encoding}")
    said = [counted(reading.taken, "prise", "prises")]
    for number, one, several in (
        (reading.refused, "refusée", "refusées"),
        (reading.left_out, "laissée de côté", "laissées de côté"),
        (reading.repeated, "répétée", "répétées"),
    ):
        if number:
            said.append(counted(number, one, several))
    speech.say(f"  {counted(reading.rows, 'ligne')} : {', '.join(said)}")
    if reading.footer_lines:
        speech.say(f"  {_footer(reading)}")
    if reading.along:
        speech.say(f"  Lu avec : {', '.join(reading.along)}")
    used = [heading for heading, field in reading.headings.items() if field]
    unused = [heading for heading, field in reading.headings.items() if not field]
    speech.say(f"  Colonnes lues : {', '.join(used)}")
    if unused:
        speech.say(f"  Colonnes ignorées : {', '.join(heading.strip() for heading in unused)}")
    form = reading.format
    tell_problems(speech, [Placed(reading.label, found, form) for found in reading.problems])
    speech.say()


def tell_footers(speech: Speech, readings: Iterable[Reading]) -> None:
    """Tell which last lines and which sheets of files were not taken for people."""
    readings = list(readings)
    tell_skipped(speech, readings)
    for reading in readings:
        if reading.footer_lines:
            speech.say(f"{reading.path.name} : {_footer(reading)}")


def tell_skipped(speech: Speech, readings: Iterable[Reading]) -> None:
    """Tell from which sheets of workbooks nobody was read, and why."""
    for reading in readings:
        for sheet in reading.skipped:
            why = SKIPPED[sheet.why]
            speech.say(f"{reading.path.name} : feuille «{sheet.name}» ignorée ({why})")


def _footer(reading: Reading) -> str:
    noun = "ligne" if len(reading.footer_lines) == 1 else "lignes"
    return f"Fin de fichier ignorée : {noun} {', '.join(map(str, reading.footer_lines))}"


def reading_as_json(reading: Reading) -> dict[str, Any]:
    """Return a file as programs read it; nobody's facts, but for the cells that are wrong."""
    return {
        "path": str(reading.path),
        "part": reading.part,
        "sha256": reading.sha256,
        "format": reading.format,
        "encoding": reading.encoding,
        "kind": str(reading.kind),
        "skipped": [sheet.name for sheet in reading.skipped],
        "school": reading.school,
        "along": list(reading.along),
        "rows": reading.rows,
        "accepted": reading.taken,
        "pupils": len(reading.pupils),
        "guardians": len(reading.guardians),
        "refused": reading.refused,
        "left_out": reading.left_out,
        "repeated": reading.repeated,
        "headings": dict(reading.headings),
        "problems": [problem_as_json(problem, reading.format) for problem in reading.problems],
    }
