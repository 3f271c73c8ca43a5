"""Every table of the product, gathered for the migrations."""

from educonnect_admin.domain import (
    accounts,
    imports,
    letters,
    mail_links,
    messages,
    numbers,
    offices,
    operators,
    people,
    regroupings,
    schools,
    services,
    setbacks,
    sms_codes,
    trail,
    visits,
    vocabulary,
)
from educonnect_admin.domain.base import Base

METADATA = Base.metadata
MAPPED_MODULES = (
    accounts, imports, letters, mail_links, messages, numbers, offices, operators, people,
    regroupings, schools, services, setbacks, sms_codes, trail, visits, vocabulary,
)  # fmt: skip

KEPT_TABLES = frozenset({"touched_schools", "touched_accounts", "kept_standings", "kept_days"})
"""Tables of PostgreSQL alone, of figures that it keeps: made by a migration, mapped by nobody."""
BESIDE_PREFIX = "name_trigrams"
"""The virtual table of SQLite and its shadows: made by a migration, mapped by nobody."""
