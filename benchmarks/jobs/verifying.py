"""After identifiers were given: are they what R-2 promises? Never counted."""

import json
import re
from collections import Counter

from sqlalchemy import select

from benchmarks.jobs import Order
from benchmarks.settings import settings_of
from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.identifiers import LONGEST
from educonnect_admin.opening import open_services

_SHAPE = re.compile(r"(?P<stem>[a-z0-9][a-z0-9-]*\.[a-z0-9-]*[a-z-])(?P<number>[0-9]*)")


def run(order: Order) -> int:
    """Verify every identifier; write the number of stems and the largest homonym number.

    Raises:
        ValueError: two are the same, or one is too long or of another shape.
    """
    services = open_services(settings_of(order))
    with services.reading() as session:
        found = session.scalars(select(Account.identifier)).all()
    services.close()
    if len(set(found)) != len(found) or max(map(len, found)) > LONGEST:
        raise ValueError("twice the same, or too long")
    shapes = [_SHAPE.fullmatch(identifier) for identifier in found]
    stems = Counter(shape["stem"] for shape in shapes if shape)
    if sum(stems.values()) != len(found):
        raise ValueError("another shape")
    largest = max(int(shape["number"] or 0) for shape in shapes if shape)
    facts = {"stems": len(stems), "largest": largest}
    order.folder.write_text(json.dumps(facts), encoding="utf-8")
    return len(found)
