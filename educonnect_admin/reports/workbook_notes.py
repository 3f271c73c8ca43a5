"""The sheet that says what the others mean."""

from collections import Counter
from typing import Any

from educonnect_admin.domain.activations import Audit
from educonnect_admin.domain.troubles import Trouble
from educonnect_admin.reports.chase import advice
from educonnect_admin.reports.table import (
    STEP_MEANINGS,
    STEP_WORDS,
    TITLE,
    columns,
    date_of,
    scope_of,
)
from educonnect_admin.reports.workbook_cells import Styles, set_up_page

_CAUTION = (
    "Un responsable compte une fois dans le total, et dans chaque classe ou école où il a un "
    "enfant : la somme des lignes peut dépasser le total."
)
_NAMES = (
    "La feuille «À relancer» porte des noms : ne la laissez pas traîner, effacez-la après usage.",
    "Sans école choisie (--school), la feuille «À relancer» ne porte pas de noms.",
)


def write(sheet: Any, styles: Styles, audit: Audit, reasons: Counter[Trouble]) -> None:
    """Write the date, what was asked for, the meaning of columns, steps and reasons."""
    set_up_page(sheet, (30, 100))
    sheet.append([styles.title(TITLE)])
    sheet.append([styles.text("Portée"), styles.text(scope_of(audit))])
    zone = f"{date_of(audit)} ({audit.time_zone})"
    sheet.append([styles.text("Chiffres du"), styles.text(zone)])
    sheet.append([styles.text("À savoir"), styles.text(_CAUTION, wrapped=True)])
    sheet.append(
        [styles.text("Confidentiel"), styles.text(_NAMES[audit.uai is None], wrapped=True)]
    )
    _part(sheet, styles, "Colonne", [(one.heading, one.meaning) for one in columns(audit.by)])
    _part(
        sheet, styles, "Étape",
        [(words, STEP_MEANINGS[step]) for step, words in STEP_WORDS.items()],
    )  # fmt: skip
    _part(
        sheet, styles, "Raison d'attendre",
        sorted((advice(trouble).reason, advice(trouble).action) for trouble in reasons),
    )  # fmt: skip


def _part(sheet: Any, styles: Styles, name: str, lines: list[tuple[str, str]]) -> None:
    sheet.append([])
    sheet.append([styles.heading(name), styles.heading("Ce que c'est")])
    for one, meaning in dict(lines).items():
        sheet.append([styles.text(one), styles.text(meaning, wrapped=True)])
