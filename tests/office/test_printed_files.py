"""Asking for batches by the numbers in the names of files, which anybody may have written."""

from educonnect_admin.domain.numbers import LONGEST_NUMBER
from educonnect_admin.edge import Services
from educonnect_admin.queries.printed_files import files_of_batches, known_batches


def test_the_longest_number_is_nobodys(services: Services) -> None:
    """It is longer than what the column holds, and breaks no question on either database."""
    numbers = [1, 10**LONGEST_NUMBER - 1]
    with services.reading() as session:
        assert known_batches(session, numbers) == {}
        assert files_of_batches(session, numbers) == {}
