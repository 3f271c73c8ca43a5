"""The contacts of a guardian that the desk may correct, and which of them go together (R-61)."""

from collections.abc import Mapping

EMAIL, MOBILE = ("email",), ("mobile",)
ADDRESS = ("street", "postcode", "city", "country")
"""An address is one thing: half of one and half of another would be nobody's."""
GROUPS = (EMAIL, MOBILE, ADDRESS)

Contacts = Mapping[str, str | None]


def group_of(field: str) -> tuple[str, ...]:
    """Return the fields that are corrected together with one."""
    return next(group for group in GROUPS if field in group)
