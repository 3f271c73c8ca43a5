"""One audit, four files: the same numbers everywhere, and text that stays text (R-64, R-66)."""

import csv
import json
import re
import stat
import subprocess
import zipfile
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from educonnect_admin.domain.activations import GroupedBy
from educonnect_admin.edge import Services
from educonnect_admin.reports.table import columns, written
from tests.cli.running import Terminal
from tests.conftest import NOW
from tests.support.households import (
    CHARLEMAGNE,
    MARIE_CURIE,
    Child,
    Family,
    Parent,
    add_families,
    add_school,
)

NASTY = ("=1+1", "<script>alert(1)</script>", "+33612345678", "@SUM(A1)", "-2+3", "\t=1")


@pytest.fixture
def desk(run: Terminal, office: Services) -> Services:
    """Two schools; accounts in every state; classes and people with names to fear."""
    with office.transaction() as session:
        add_families(
            session,
            add_school(session, MARIE_CURIE, "=HYPERLINK(A1)"),
            [
                Family(
                    (Parent(given_name=name, family_name="=1+1", email=f"p{n}@example.fr"),),
                    (Child(given_name=name, family_name="=1+1", born=NOW.date(),
                           class_label=name),),
                )
                for n, name in enumerate(NASTY)
            ],
        )  # fmt: skip
    for uai in (CHARLEMAGNE, MARIE_CURIE):
        assert run("letters", "issue", "--school", uai, "--output", f"out-{uai}").code == 0
    _spread(office)
    return office


def _spread(office: Services) -> None:
    """Bring accounts into the states of a life, as the portal would leave them."""
    with office.transaction() as session:
        ids = session.scalars(text("SELECT id FROM accounts ORDER BY id")).all()
        for number, (account, days, journey) in enumerate(
            zip(ids, (1, 1, 4), ("letter", "sms", "franceconnect"), strict=False)
        ):
            session.execute(
                text(
                    "UPDATE accounts SET state = 'active', journey = :journey,"
                    " activated_at = :at WHERE id = :id"
                ),
                {"id": account, "journey": journey,
                 "at": f"{NOW - timedelta(days=days, hours=number):%Y-%m-%d %H:%M:%S.%f}"},
            )  # fmt: skip
        for account in ids[:5]:
            session.execute(
                text("UPDATE letters SET ended_at = '2026-11-20 10:00:00.000000', end = 'used'"
                     " WHERE account_id = :id"),
                {"id": account},
            )  # fmt: skip
        session.execute(
            text("UPDATE accounts SET state = 'email_pending', email = 'x@example.fr',"
                 " email_bounced_at = '2026-11-20 10:00:00.000000' WHERE id = :id"),
            {"id": ids[3]},
        )  # fmt: skip
        session.execute(
            text("UPDATE letters SET last_day = '2999-01-01' WHERE account_id = :id"),
            {"id": ids[6]},
        )


def export(run: Terminal, suffix: str, *options: str) -> Path:
    """Export an audit and return the file."""
    path = Path(f"exports/audit.{suffix}")
    answer = run("audit", "activations", *options, "--export", str(path))
    assert answer.code == 0, answer.all
    return path


def _opened(path: Path) -> Any:
    return load_workbook(path)


def figures(audit: dict[str, Any]) -> list[int | float]:
    """Return the figures of a row of `--json`, in the order of the columns."""
    state, journey = audit["by_state"], audit["by_journey"]
    return [
        audit["accounts"], state["not_notified"], state["notified"],
        audit["notification_expired"], state["email_pending"], state["active"], audit["rate"],
        journey["letter"], journey["sms"], journey["franceconnect"], audit["letters"],
        audit["letters_expiring"], audit["bounced"], state["regrouped"], state["closed"],
    ]  # fmt: skip


@pytest.mark.parametrize("by", list(GroupedBy))
def test_the_four_exports_and_json_agree(run: Terminal, desk: Services, by: GroupedBy) -> None:
    """Every number of every row and of the total, in each file."""
    told = run("audit", "activations", "--by", by.value, "--json").json
    rows, total = [figures(row) for row in told["rows"]], figures(told)
    assert total[0] == 11
    assert len(set(total)) > 5

    assert _csv_figures(export(run, "csv", "--by", by.value), by) == [*rows, total]
    book = export(run, "xlsx", "--by", by.value)
    assert _sheet_figures(book, by) == rows
    assert _key_figures(book) == total
    shown = [[_shown(n, value) for n, value in enumerate(row)] for row in (*rows, total)]
    assert _page_figures(export(run, "html", "--by", by.value)) == shown
    assert _document_figures(export(run, "pdf", "--by", by.value), len(total)) == shown


def _shown(place: int, value: float) -> str:
    return written(value, [column.kind for column in columns(GroupedBy.ACADEMY)][place + 1])


def _csv_figures(path: Path, by: GroupedBy) -> list[list[float]]:
    here = sum(column.kind.value == "text" for column in columns(by))
    lines = list(csv.reader(StringIO(path.read_text("utf-8-sig")), delimiter=";"))
    return [[float(cell.replace(",", ".")) for cell in line[here:]] for line in lines[1:]]


def _sheet_figures(path: Path, by: GroupedBy) -> list[list[Any]]:
    here = sum(column.kind.value == "text" for column in columns(by))
    sheet = _opened(path)["Détail"]
    return [list(line[here:]) for line in sheet.iter_rows(min_row=2, values_only=True)]


def _key_figures(path: Path) -> list[Any]:
    sheet = _opened(path)["Synthèse"]
    return [line[1] for line in sheet.iter_rows(min_row=5, max_row=19, values_only=True)]


def _page_figures(path: Path) -> list[list[str]]:
    detail = path.read_text("utf-8").split("<h2>Détail</h2>")[1]
    parts = [
        [re.findall(r"<td>(.*?)</td>", row) for row in body.split("<tr>")[1:] if "<td>" in row]
        for body in detail.split("<tbody>")[1:]
    ]
    return [[*states, *others] for states, others in zip(*parts, strict=True)]


def _document_figures(path: Path, number: int) -> list[list[str]]:
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    )
    table = done.stdout.split("Détail")[1]
    figure = re.compile(r"[\d\u202f]+(?:,\d)?(?: %|\xa0%)?")
    lines = [figure.findall(line)[-number:] for line in table.splitlines()]
    found = [line for line in lines if len(line) == number and any("%" in cell for cell in line)]
    return [[cell.replace(" %", "\u00a0%") for cell in line] for line in found]


def test_days_and_funnel_are_the_same_too(run: Terminal, desk: Services) -> None:
    """In the workbook, on the page and for a program."""
    told = run("audit", "activations", "--json").json
    page = export(run, "html").read_text("utf-8")
    sheet = _opened(export(run, "xlsx"))["Synthèse"]
    lines = list(sheet.iter_rows(values_only=True))

    assert told["funnel"] == {"accounts": 11, "notified": 11, "password_chosen": 4, "active": 3}
    assert [(one["accounts"], one["total"]) for one in told["activations"]] == [(1, 1), (2, 3)]
    steps = next(n for n, line in enumerate(lines) if line[0] == "Étape")
    assert [line[1] for line in lines[steps + 1 : steps + 5]] == [11, 11, 4, 3]
    days = next(n for n, line in enumerate(lines) if line[0] == "Jour")
    assert [(line[0].date().isoformat(), *line[1:3]) for line in lines[days + 1 : days + 3]] == [
        (one["day"], one["accounts"], one["total"]) for one in told["activations"]
    ]
    assert "<td>2</td><td>3</td>" in page
    assert "4 (36,4\u00a0%)" in page


def test_charts_stand_over_the_cells_they_show(run: Terminal, desk: Services) -> None:
    """Three native charts; the ranges are those of the tables of the first sheet."""
    path = export(run, "xlsx", "--by", "school")
    lines = list(_opened(path)["Synthèse"].iter_rows(values_only=True))
    row = {line[0]: n for n, line in enumerate(lines, start=1) if line[0]}
    with zipfile.ZipFile(path) as archive:
        charts = [
            re.findall(r"<(?:c:)?f>(.*?)</(?:c:)?f>", archive.read(name).decode())
            for name in sorted(archive.namelist())
            if name.startswith("xl/charts/chart")
        ]

    funnel, group, day = row["Étape"], row["Par groupe"], row["Jour"]
    assert charts[0] == [
        f"'Synthèse'!B{funnel}",
        f"'Synthèse'!$A${funnel + 1}:$A${funnel + 4}",
        f"'Synthèse'!$B${funnel + 1}:$B${funnel + 4}",
    ]
    assert charts[1] == [
        f"'Synthèse'!C{day}",
        f"'Synthèse'!$A${day + 1}:$A${day + 2}",
        f"'Synthèse'!$C${day + 1}:$C${day + 2}",
    ]
    assert f"'Synthèse'!$E${group + 1}:$E${group + 2}" in charts[2]
    assert len(charts[2]) == 12


def test_names_of_any_kind_stay_text(run: Terminal, desk: Services) -> None:
    """No formula in a sheet, no tag on a page, an apostrophe in CSV; the PDF shows them."""
    book = _opened(export(run, "xlsx", "--school", MARIE_CURIE))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    table = export(run, "csv", "--school", MARIE_CURIE).read_text("utf-8-sig")
    page = export(run, "html", "--school", MARIE_CURIE).read_text("utf-8")

    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    nasty = [cell for cell in cells if isinstance(cell.value, str) and cell.value[0] in "=+-@"]
    assert len(nasty) > 10
    assert all(cell.quotePrefix for cell in nasty)
    labels = [line[2] for line in csv.reader(StringIO(table), delimiter=";")][1:-1]
    assert sorted(labels) == sorted(
        ["'=1+1", "'=1", "<script>alert(1)</script>", "'+33612345678", "'@SUM(A1)", "'-2+3"]
    )
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    done = subprocess.run(
        ["pdftotext", str(export(run, "pdf", "--school", MARIE_CURIE)), "-"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "<script" in done.stdout


def test_the_list_to_chase_names_people_for_their_school_only(
    run: Terminal, desk: Services
) -> None:
    """One school: names, children, reason, contact; several: identifiers and counts (R-66)."""
    one = _opened(export(run, "xlsx", "--school", CHARLEMAGNE))["À relancer"]
    Path("exports/audit.xlsx").unlink()
    all_schools = _opened(export(run, "xlsx"))["À relancer"]
    named = list(one.iter_rows(values_only=True))
    nameless = list(all_schools.iter_rows(values_only=True))

    assert named[0] == (
        "Identifiant", "Responsable", "Enfants", "Classe", "Raison", "Depuis", "Jusqu'au",
        "Que faire", "Contact",
    )  # fmt: skip
    assert any("NGUYỄN" in str(line) or "MOREAU" in str(line) for line in named)
    assert "Responsable" not in nameless[0]
    said = " ".join(str(cell) for line in nameless for cell in line)
    assert len(nameless) == 1 + 8
    assert "MOREAU" not in said
    assert "@example.fr" not in said
    assert "Adresse mail refusée" in said


def test_a_file_is_private_whole_and_never_replaced(run: Terminal, desk: Services) -> None:
    """Mode 600, nothing provisional left, exit 3 the second time."""
    path = export(run, "xlsx")
    content = path.read_bytes()

    again = run("audit", "activations", "--export", str(path))

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["audit.xlsx"]
    assert (again.code, path.read_bytes()) == (3, content)
    assert "existe déjà" in again.err


def test_an_unknown_suffix_names_the_four(run: Terminal, desk: Services) -> None:
    """Exit 2, before anything is counted."""
    answer = run("audit", "activations", "--export", "bilan.doc")

    assert answer.code == 2
    assert ".xlsx, .csv, .pdf, .html" in answer.err


def test_the_trail_tells_each_export_without_names(run: Terminal, desk: Services) -> None:
    """In the chain of the school, or of the office: format and counts."""
    export(run, "xlsx", "--school", CHARLEMAGNE)
    export(run, "csv", "--academy", "70")

    told = run("audit", "trail", "--json").json["entries"]
    exports = [one for one in told if one["kind"] == "audit.exported"]
    assert [(one["school"], one["details"]) for one in exports] == [
        (None, {"academy": "70", "accounts": 5, "chased": 0, "format": "csv"}),
        (CHARLEMAGNE, {"accounts": 5, "chased": 2, "format": "xlsx"}),
    ]


def test_the_workbook_is_set_up_to_be_used_and_printed(run: Terminal, desk: Services) -> None:
    """Frozen headings, filters, formats, A4 across, and nobody's name in its properties."""
    book = _opened(export(run, "xlsx"))

    assert book.sheetnames == ["Synthèse", "Détail", "À relancer", "Lisez-moi"]
    assert (book.properties.creator, book.properties.lastModifiedBy) == ("educonnect-admin", None)
    for name in ("Détail", "À relancer"):
        sheet = book[name]
        assert sheet.freeze_panes == "A2"
        assert sheet.print_title_rows in {"1:1", "$1:$1"}
        assert sheet.auto_filter.ref == f"A1:{sheet.dimensions.split(':')[1]}"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert book["Détail"]["J2"].number_format == "0.0%"
    assert book["À relancer"]["F2"].number_format == "DD/MM/YYYY"


def test_the_page_asks_nobody_for_anything(run: Terminal, desk: Services) -> None:
    """One file: no script, nothing remote, pictures with words, tables with captions."""
    page = export(run, "html").read_text("utf-8")

    assert page.startswith('<!doctype html>\n<html lang="fr">')
    assert not re.search(r"<script|https?://|src=|url\(|@import|<link", page)
    assert page.count('role="img"') == page.count("<desc") == 2
    assert page.count("<table>") == page.count("<caption>") == 3
    assert 'scope="row"' in page
    assert 'scope="col"' in page
    assert "default-src 'none'" in page


def test_the_document_is_titled_french_and_numbered(run: Terminal, desk: Services) -> None:
    """Title and language for a screen reader, our own typefaces, page numbers."""
    from pypdf import PdfReader

    reader: Any = PdfReader(export(run, "pdf"))

    assert reader.metadata.title == "Bilan des activations EduConnect – Toutes les écoles"
    assert reader.root_object["/Lang"] == "fr-FR"
    assert "page 1 sur 2" in reader.pages[0].extract_text()
    fonts = subprocess.run(
        ["pdffonts", "exports/audit.pdf"], capture_output=True, text=True, check=True
    ).stdout
    assert "NotoSans" in fonts


def test_an_office_without_accounts_exports_too(run: Terminal, office: Services) -> None:
    """Zeros, no curve, no error."""
    for suffix in ("xlsx", "csv", "pdf", "html"):
        assert export(run, suffix, "--by", "school").stat().st_size > 100

    told = json.loads(run("audit", "activations", "--json").out)
    assert (told["accounts"], told["rate"], told["activations"]) == (0, 0.0, [])
