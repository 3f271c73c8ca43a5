"""Every table of the product, gathered for the migrations."""

from educonnect_admin.domain import (
    accounts,
    letters,
    messages,
    offices,
    people,
    regroupings,
    schools,
    setbacks,
    trail,
    vocabulary,
)
from educonnect_admin.domain.base import Base

METADATA = Base.metadata
MAPPED_MODULES = (
    accounts, letters, messages, offices, people, regroupings, schools, setbacks, trail, vocabulary,
)  # fmt: skip

BESIDE_PREFIX = "name_trigrams"
"""The virtual table of SQLite and its shadows: made by a migration, mapped by nobody."""
