"""The pieces of evidence that two records are one person's, each with its weight (R-7).

Points out of a hundred. Names alone never reach the threshold, and no contact reaches it
without them: couples share e-mail, mobile and address.
"""

from enum import StrEnum
from typing import NamedTuple


class Code(StrEnum):
    """One piece of evidence, for or against."""

    GIVEN_SAME = "given_same"
    GIVEN_NEAR = "given_near"
    GIVEN_PART = "given_part"
    """One of several given names, or of a compound one."""
    GIVEN_INITIAL = "given_initial"
    GIVEN_OTHER = "given_other"
    NAMES_SWAPPED = "names_swapped"
    """The given name of one is the surname of the other, and the other way round."""
    FAMILY_SAME = "family_same"
    FAMILY_NEAR = "family_near"
    FAMILY_PART = "family_part"
    FAMILY_CROSSED = "family_crossed"
    """The family name of one is the usage name of the other: a marriage."""
    USAGE_SAME = "usage_same"
    """The usage names alone are the same: the family names differ."""
    FAMILY_OTHER = "family_other"
    USAGE_OTHER = "usage_other"
    CIVILITY_OTHER = "civility_other"
    EMAIL_SAME = "email_same"
    EMAIL_NEAR = "email_near"
    EMAIL_OTHER = "email_other"
    MOBILE_SAME = "mobile_same"
    MOBILE_NEAR = "mobile_near"
    MOBILE_OTHER = "mobile_other"
    ADDRESS_SAME = "address_same"
    ADDRESS_NEAR = "address_near"
    STREET_SAME = "street_same"
    """The street, at another number or at none."""
    PLACE_SAME = "place_same"
    ADDRESS_OTHER = "address_other"
    CHILD_SAME = "child_same"
    TOLD_APART = "told_apart"
    """One school writes both, under one name, with other contacts: father and son."""


NEVER = -100
"""What no evidence outweighs: two given names, two civilities."""

WEIGHTS = {
    Code.GIVEN_SAME: 25,
    Code.GIVEN_NEAR: 25,
    Code.GIVEN_PART: 15,
    Code.GIVEN_INITIAL: 8,
    Code.GIVEN_OTHER: NEVER,
    Code.NAMES_SWAPPED: 45,
    Code.FAMILY_SAME: 25,
    Code.FAMILY_NEAR: 25,
    Code.FAMILY_PART: 18,
    Code.FAMILY_CROSSED: 22,
    Code.USAGE_SAME: 10,
    Code.FAMILY_OTHER: -10,
    Code.USAGE_OTHER: -15,
    Code.CIVILITY_OTHER: NEVER,
    Code.EMAIL_SAME: 25,
    Code.EMAIL_NEAR: 12,
    Code.EMAIL_OTHER: -3,
    Code.MOBILE_SAME: 25,
    Code.MOBILE_NEAR: 8,
    Code.MOBILE_OTHER: -7,
    Code.ADDRESS_SAME: 20,
    Code.ADDRESS_NEAR: 18,
    Code.STREET_SAME: 15,
    Code.PLACE_SAME: 5,
    Code.ADDRESS_OTHER: -5,
    Code.CHILD_SAME: 25,
    Code.TOLD_APART: -15,
}
"""Contacts that differ weigh little: each school knows its own (R-8), and people move."""

_LOST = 2
"""A name that is 0.9 alike has lost a fifth of its weight."""


class Fact(NamedTuple):
    """A piece of evidence, and how alike what it compares is: 1 for the same."""

    code: Code
    alike: float = 1.0

    @property
    def weight(self) -> int:
        """The points it gives or takes."""
        return round(WEIGHTS[self.code] * (1 - _LOST * (1 - self.alike)))
