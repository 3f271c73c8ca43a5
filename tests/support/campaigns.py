"""A campaign that never was: any number of schools in every state, without chance."""

from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from itertools import islice

from educonnect_admin.domain.campaigns import (
    FIGURES,
    CampaignKind,
    CampaignReport,
    Figure,
    FileKind,
    FileMade,
    SchoolLine,
    SchoolState,
)
from educonnect_admin.domain.uai import check_letter
from tests.conftest import NOW

DISK = "Impossible d'écrire dans le dossier : le disque est plein. Faites de la place."
UNPRINTABLE = "Pas de courrier pour {} : son adresse ne tient pas dans la page."
NAMES = ("École élémentaire Jules-Ferry", "École maternelle Les Tilleuls", "Collège Marie Curie",
         "École primaire du Moulin à Vent de la Croix-Saint-Ouen", "École Victor Hugo")  # fmt: skip
CITIES = ("Lille", "Villeneuve-d'Ascq", "Boulogne-sur-Mer", "Arras", None)


def numbers(*departments: str) -> Iterator[str]:
    """Yield numbers of schools, in turn of each department."""
    for digits in range(1, 10_000):
        for department in departments:
            seven = f"0{department}{digits:04}"
            yield seven + check_letter(seven)


def campaign(
    schools: int,
    *,
    files: int = 8,
    kind: CampaignKind = CampaignKind.LETTERS,
    stopped: str = "",
) -> CampaignReport:
    """Return the report of a night: most is done, one school in forty failed."""
    uais = sorted(islice(numbers("59", "62"), schools))
    return CampaignReport(
        kind=kind,
        academy="09",
        operator="alice",
        began_at=NOW + timedelta(hours=3, minutes=30),
        ended_at=NOW + timedelta(hours=9, minutes=12),
        schools=[_line(number, uai, kind, files) for number, uai in enumerate(uais, start=1)],
        stopped=stopped,
    )


def _line(number: int, uai: str, kind: CampaignKind, files: int) -> SchoolLine:
    state, trouble = _outcome(number)
    is_made = state in {SchoolState.DONE, SchoolState.REMARKS}
    has_files = is_made and kind is CampaignKind.LETTERS
    return SchoolLine(
        uai=uai,
        name=NAMES[number % len(NAMES)],
        city=CITIES[number % len(CITIES)],
        state=state,
        figures=_figures(number, kind) if is_made else {},
        folder=uai if has_files else "",
        files=[_file(number, place) for place in range(1, files + 1)] if has_files else (),
        trouble=trouble,
        seconds=7.5 if is_made else 0.0,
    )


def _outcome(number: int) -> tuple[SchoolState, tuple[str, ...]]:
    if number % 40 == 0:
        return SchoolState.FAILED, (DISK,)
    if number % 131 == 0:
        return SchoolState.FAILED, (f"La classe n° {number} n'a pas de modèle de courrier.",)
    if number % 57 == 0:
        return SchoolState.REMARKS, (UNPRINTABLE.format(f"m.durand{number}"),)
    if number % 97 == 0:
        return SchoolState.LEFT, ()
    return SchoolState.DONE, ()


def _figures(number: int, kind: CampaignKind) -> dict[Figure, int]:
    return {figure: (number * place) % 181 for place, figure in enumerate(FIGURES[kind], start=1)}


def _file(number: int, place: int) -> FileMade:
    kind = FileKind.LETTERS if place % 2 else FileKind.SLIP
    what = "courriers" if place % 2 else "bordereau"
    name = f"lot-{number:06}-{place:02}-CE1-CE2-{what}.pdf"
    return FileMade(
        name=name,
        kind=kind,
        class_label=f"CE1-CE2 {place}",
        letters=24 if place % 2 else 0,
        sha256=sha256(name.encode()).hexdigest(),
        last_day=date(2027, 2, 23) if place % 2 else None,
        size=21_000 + place,
    )
