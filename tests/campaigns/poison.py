"""A school that kills whoever works at it: by the environment, for workers read it too."""

import os

from educonnect_admin.campaigns.orders import LettersOfSchool
from educonnect_admin.campaigns.outcomes import Outcome
from educonnect_admin.campaigns.print_school import print_school

POISONOUS = "TEST_POISONOUS_SCHOOL"


def print_or_die(order: LettersOfSchool) -> Outcome:
    """Print the letters of a school, or end the process without a word."""
    if order.uai == os.environ.get(POISONOUS):
        os._exit(9)
    return print_school(order)
