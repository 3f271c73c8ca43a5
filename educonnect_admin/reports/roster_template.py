"""An empty XLSX workbook to fill in: headings, drop-down lists, checks while one types.

Every cell is text: what is typed stays as it was typed. The lists advise, they don't forbid:
a class may be called anything; only a date that is none is refused on the spot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import Any

from educonnect_admin.reports.workbook_cells import Styles, set_up_page
from educonnect_admin.reports.workbook_forms import TEXT, Pen, height_of, write_guide

LAST_ROW = 3_000
"""How far the lists and checks reach."""
_MONTH = 'MID({0},FIND("/",{0})+1,LEN({0})-5-FIND("/",{0}))'
_FIRST = 'LEFT({0},FIND("/",{0})-1)'
_DATE = (
    f"IF(ISNUMBER({{0}}),TRUE,AND(DAY(DATE(RIGHT({{0}},4),{_MONTH},{_FIRST}))=VALUE({_FIRST}),"
    f"VALUE({_MONTH})<13,VALUE(RIGHT({{0}},4))>1900))"
)
"""True for a day as text, `14/03/2018`; an error, or false, for what is none."""


class Check(StrEnum):
    """What is looked at while somebody types."""

    DAY = "day"
    """A day as `14/03/2018`, the year in four digits; anything else is refused."""
    LENGTH = "length"
    """The number of signs; another one is taken after a warning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormColumn:
    """One column: its heading, the advice beside the cell, what may be chosen or is checked.

    `choices` are the words to choose from, or the title of a sheet of which the first column
    lists them.
    """

    heading: str
    width: float
    advice: str = ""
    choices: Sequence[str] | str = ()
    check: Check | None = None
    length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One sheet to fill in."""

    title: str
    columns: Sequence[FormColumn]


@dataclass(frozen=True, slots=True, kw_only=True)
class Warnings:
    """What a spreadsheet says of a cell it doubts."""

    title: str
    by_check: Mapping[Check, str]
    not_listed: str


def roster_template_bytes(
    forms: Sequence[Form], guide_title: str, guide: Sequence[tuple[str, str]], warnings: Warnings
) -> bytes:
    """Return the workbook: the sheet to read, then those to fill in."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    write_guide(book.create_sheet(guide_title), guide)
    for form in forms:
        _write_form(book.create_sheet(form.title), form, warnings)
    book.properties.creator = "educonnect-admin"
    book.properties.language = "fr-FR"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _write_form(sheet: Any, form: Form, warnings: Warnings) -> None:
    widths = [column.width for column in form.columns]
    set_up_page(sheet, widths, heading_row=1)
    sheet.print_options.gridLines = True
    for number, column in enumerate(form.columns, start=1):
        letter = Styles.letter(number)
        sheet.column_dimensions[letter].number_format = TEXT
        _validate(sheet, letter, column, warnings)
    pen = Pen(sheet)
    headings = [column.heading for column in form.columns]
    sheet.row_dimensions[1].height = height_of(headings, widths)
    sheet.append(pen.heading(heading) for heading in headings)


def _validate(sheet: Any, letter: str, column: FormColumn, warnings: Warnings) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation(**_rule(letter, column), allow_blank=True)
    rule.showErrorMessage = rule.type is not None
    rule.errorTitle, rule.error = warnings.title, _warning(column, warnings)
    rule.showInputMessage = bool(column.advice)
    rule.promptTitle, rule.prompt = column.heading, column.advice or None
    rule.add(f"{letter}2:{letter}{LAST_ROW}")
    sheet.data_validations.append(rule)


def _rule(letter: str, column: FormColumn) -> dict[str, Any]:
    cell = f"{letter}2"
    if column.check is Check.DAY:
        return {"type": "custom", "formula1": _DATE.format(cell), "errorStyle": "stop"}
    if column.check is Check.LENGTH:
        return {
            "type": "textLength", "operator": "equal", "formula1": str(column.length),
            "errorStyle": "warning",
        }  # fmt: skip
    if not column.choices:
        return {}
    listed = f"'{column.choices}'!$A$2:$A$200"
    if not isinstance(column.choices, str):
        listed = f'"{",".join(column.choices)}"'
    return {"type": "list", "formula1": listed, "errorStyle": "warning"}


def _warning(column: FormColumn, warnings: Warnings) -> str | None:
    if column.check:
        return warnings.by_check[column.check]
    return warnings.not_listed if column.choices else None
