"""Figures that PostgreSQL keeps are in no backup: what was put back is counted (R-64)."""

from pathlib import Path

from educonnect_admin.backups.make import back_up
from educonnect_admin.backups.restore import restore
from educonnect_admin.domain.activations import Audit, GroupedBy
from educonnect_admin.edge import Services
from educonnect_admin.office.audit_activations import audit_activations
from educonnect_admin.office.keep_figures import keep_figures
from educonnect_admin.opening import open_services
from educonnect_admin.queries.figure_check import wrong_figures
from tests.backups.places import elsewhere
from tests.backups.test_backup import broken, never
from tests.conftest import NOW
from tests.office.printing import issue
from tests.support.households import FAMILIES, add_families, add_school


def audited(services: Services) -> Audit:
    """Audit everybody by school, from figures that must be those of the moment."""
    with services.reading() as session:
        assert list(wrong_figures(session)) == []
        return audit_activations(session, by=GroupedBy.SCHOOL, now=NOW)


def test_an_office_elsewhere_is_audited_as_it_was(services: Services, tmp_path: Path) -> None:
    """Before its figures are counted, and after."""
    with services.transaction() as session:
        add_families(session, add_school(session, author=services.author(NOW)), FAMILIES)
    issue(services, tmp_path / "out")
    with services.transaction() as session:
        kept = keep_figures(session)
    before = audited(services)
    made = back_up(services, tmp_path / "b.edu", NOW)
    settings = elsewhere(services, tmp_path / "elsewhere")

    assert broken(restore(settings, made.path, never, NOW)) == set()

    other = open_services(settings)
    try:
        assert before.total.letters == 5
        assert audited(other) == before
        with other.transaction() as session:
            assert keep_figures(session) == kept
        assert audited(other) == before
    finally:
        other.close()
