"""Audits of academies drawn by lot, beside a count of one account after the other (R-64)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from educonnect_admin.domain.activations import COMMON_ZONE, Figures, GroupedBy
from educonnect_admin.edge import Services
from educonnect_admin.office.audit_activations import audit_activations
from tests.office.any_academy import SCHOOLS, Counted, draw, drawn

NIGHT = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
"""Tomorrow on Réunion, today in Paris and Cayenne."""


@pytest.mark.parametrize("seed", range(3))
def test_an_audit_is_what_counting_one_by_one_gives(services: Services, seed: int) -> None:
    """All, an academy or a school, by class, school or academy: rows, whole and days."""
    with services.transaction() as session:
        draw(session, seed, NIGHT)
    with services.reading() as session:
        rows = drawn(session)
        for uai, academy in ((None, None), (None, "70"), (SCHOOLS[0][0], None)):
            counted = Counted(
                rows,
                NIGHT,
                lambda school, uai=uai, academy=academy: (  # type: ignore[misc]
                    uai in {None, school.uai} and academy in {None, school.academy_code}
                ),
            )
            for by in GroupedBy:
                audit = audit_activations(session, uai=uai, academy=academy, by=by, now=NIGHT)

                assert audit.total == counted.total()
                told = {(row.academy, row.uai, row.class_label): bare(row) for row in audit.rows}
                assert told == counted.rows(by)
                assert {one.day: one.activated for one in audit.days} == counted.days(COMMON_ZONE)


def bare(row: Figures) -> Figures:
    """Return the figures of a row without whose they are."""
    return replace(row, academy=None, school="", uai="", town="", class_label=None)
