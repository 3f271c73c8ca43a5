"""Every delay stands in one place, and the register tells the same (R-62)."""

import ast
import re
from datetime import timedelta

from educonnect_admin.domain import delays
from tests.support.house import ROOT, sources

_ROW = re.compile(r"^\| .+ \| (\d+) (mois|jours|heures?|minutes)\b.* \| `([A-Z_]+)` \|$", re.M)
_UNITS = {
    "jours": timedelta(days=1),
    "heure": timedelta(hours=1),
    "heures": timedelta(hours=1),
    "minutes": timedelta(minutes=1),
}
LONG_BUT_NO_KEEPING = {
    "domain/delays.py", "domain/throttling.py", "domain/visits.py",
    "gateways/franceconnect_site.py", "gateways/franceconnect_tokens.py", "limits.py",
    "office/judge_access.py", "office/list_messages.py", "office/mailing/mail_room.py",
    "office/keeping_keys/needs.py", "office/remind_active.py", "parents/regroup_accounts.py",
    "queries/claims.py", "queries/health.py",
}  # fmt: skip
"""Where a span of time is a rhythm, a limit or a calendar, and nothing is kept for its length."""


def _constants() -> dict[str, object]:
    return {name: value for name, value in vars(delays).items() if name.isupper()}


def test_the_register_tells_every_delay_as_the_code_has_it() -> None:
    """Each constant once, with its number and unit."""
    text = (ROOT / "docs" / "rgpd.fr.md").read_text(encoding="utf-8")
    told = {name: (int(number), unit) for number, unit, name in _ROW.findall(text)}
    known = _constants()

    assert told.keys() == known.keys()
    for name, (number, unit) in told.items():
        value = known[name]
        if isinstance(value, timedelta):
            assert number * _UNITS[unit] == value, name
        else:
            assert (number, unit) == (value, "mois" if name.startswith("MONTHS") else "jours"), name


def test_no_other_module_keeps_a_delay_of_its_own() -> None:
    """A constant span of time elsewhere is a rhythm or a limit, and its module is named above."""
    found = {
        source.name
        for source in sources()
        for node in source.tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and node.value is not None
        and "timedelta(" in ast.unparse(node.value)
    }

    assert found <= LONG_BUT_NO_KEEPING
