"""Every table of the product, gathered for the migrations."""

from educonnect_admin.domain import accounts, letters, offices, people, schools, trail
from educonnect_admin.domain.base import Base

METADATA = Base.metadata
MAPPED_MODULES = (accounts, letters, offices, people, schools, trail)
