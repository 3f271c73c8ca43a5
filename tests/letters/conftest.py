"""What the tests of the letters share: one press."""

import pytest

from educonnect_admin.letters.press import LetterPress


@pytest.fixture(scope="session")
def press() -> LetterPress:
    """Our own letters, without an office's templates."""
    return LetterPress()
