"""An audit as a file: a workbook, a table, a document or a page (R-64, R-66)."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.activations import Audit
from educonnect_admin.domain.schools import School
from educonnect_admin.domain.trail import Author, Happening, TrailKind
from educonnect_admin.office.audit_activations import schools_asked_for
from educonnect_admin.office.printing.letter_folder import write_part
from educonnect_admin.office.stuck_accounts import Stuck, stuck_accounts
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.reports.chase import ChaseLine
from educonnect_admin.reports.csv_file import csv_bytes
from educonnect_admin.reports.document import document_bytes
from educonnect_admin.reports.page import page_bytes
from educonnect_admin.reports.workbook import workbook_bytes


class ExportFormat(StrEnum):
    """What an audit can be exported as; the value is the suffix of the file."""

    XLSX = "xlsx"
    CSV = "csv"
    PDF = "pdf"
    HTML = "html"


class Rendered(NamedTuple):
    """The bytes of an export, and how many accounts to chase are named in it."""

    format: ExportFormat
    content: bytes
    chased: int

    def __repr__(self) -> str:
        return f"Rendered(format={self.format!s}, chased={self.chased})"


def render_audit(session: Session, audit: Audit, wanted: ExportFormat) -> Rendered:
    """Render an audit; a workbook also lists the accounts to chase.

    Args:
        session: The reading session that the audit was made in: figures and list are of one
            moment.
        audit: The figures.
        wanted: As what.
    """
    if wanted is ExportFormat.CSV:
        return Rendered(wanted, csv_bytes(audit), 0)
    if wanted is ExportFormat.HTML:
        return Rendered(wanted, page_bytes(audit), 0)
    if wanted is ExportFormat.PDF:
        return Rendered(wanted, document_bytes(audit), 0)
    return _workbook(session, audit)


def _workbook(session: Session, audit: Audit) -> Rendered:
    chased = 0

    def lines() -> Iterator[ChaseLine]:
        nonlocal chased
        schools = schools_asked_for(session, audit.uai, audit.academy)
        for stuck in stuck_accounts(session, schools, audit.at):
            chased += 1
            yield _line(stuck, named=audit.uai is not None)

    content = workbook_bytes(audit, lines())
    return Rendered(ExportFormat.XLSX, content, chased)


def _line(stuck: Stuck, *, named: bool) -> ChaseLine:
    """Names and contacts are for a school's own people, not for a list of many (R-66)."""
    contacts = [one for one in (stuck.email, stuck.mobile) if one]
    return ChaseLine(
        identifier=stuck.identifier,
        uai=stuck.uai,
        class_label=stuck.class_label,
        guardian=f"{stuck.given_name} {stuck.surname}" if named else "",
        children=[f"{one.given_name} {one.surname}" for one in stuck.children] if named else (),
        child_count=len(stuck.children),
        trouble=stuck.reason,
        since=stuck.since,
        until=stuck.until,
        contact=", ".join(contacts) if named else "",
    )


def tell_export(session: Session, author: Author, audit: Audit, rendered: Rendered) -> None:
    """Tell the trail that figures, and maybe names, leave the database: by whom, how many.

    In the chain of the school that was asked for, else of the office.
    """
    school_id = None
    if audit.uai is not None:
        school_id = session.scalar(select(School.id).where(School.uai == audit.uai))
    details = {
        "format": rendered.format.value,
        "accounts": audit.total.accounts,
        "chased": rendered.chased,
    }
    if audit.academy is not None:
        details["academy"] = audit.academy
    happening = Happening(TrailKind.AUDIT_EXPORTED, school_id=school_id, details=details)
    append_to_trail(session, author, [happening])


def keep_aside(path: Path, rendered: Rendered) -> None:
    """Write the file under its provisional name, mode 600.

    Raises:
        UnwritableFolder: the disk is full or refuses.
    """
    write_part(path, rendered.content)
