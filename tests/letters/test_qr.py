"""QR codes made by addition are those that segno draws, and readers read them."""

import time
from collections.abc import Callable

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from educonnect_admin.domain.passwords import SIGNS
from educonnect_admin.letters import qr, specimens
from educonnect_admin.letters.press import LetterPress
from educonnect_admin.letters.specimens import HEADING
from tests.letters.reading import codes_in

numbers = st.text(alphabet=SIGNS, min_size=12, max_size=12)
PREFIXES = [
    "https://a.fr/l/",
    "https://educonnect.education.gouv.fr/l/",
    "https://comptes." + "x" * 60 + ".exemple.fr/l/",
]


@pytest.mark.parametrize("prefix", PREFIXES)
@settings(max_examples=40, deadline=None)
@given(number=numbers)
def test_sums_equal_segno(prefix: str, number: str) -> None:
    """For any number the summed symbol is segno's, module for module."""
    symbols = qr.symbols(prefix)
    version = (symbols.modules - 17) // 4
    drawn = qr.draw(f"{prefix}{number}".encode(), version)
    assert int.from_bytes(symbols.rows(number)) == drawn


def test_code_on_the_page_reads_portal_and_number(press: LetterPress) -> None:
    """R-10: the portal's address and the letter's number, never the password."""
    pdf = press.letters(HEADING, [(each, "BUNZ57DM") for each in specimens.LETTERS])
    for page, each in enumerate(specimens.LETTERS):
        assert codes_in(pdf, page) == [f"{HEADING.portal_url}/l/{each.number}"]


def test_a_symbol_is_a_sum_not_a_drawing() -> None:
    """A hundred symbols in less than the time of a dozen by segno, both in one run."""
    symbols = qr.symbols(PREFIXES[1])
    address = f"{PREFIXES[1]}BCDFGHJKMNPQ".encode()

    ours = _seconds(lambda: symbols.rows("BCDFGHJKMNPQ"), 100)

    assert ours < _seconds(lambda: segno.make_qr(address), 12)


def _seconds(work: Callable[[], object], times: int) -> float:
    start = time.process_time()
    for _ in range(times):
        work()
    return time.process_time() - start


def test_too_long_an_address_is_refused() -> None:
    """No symbol of a letter's size holds it."""
    with pytest.raises(qr.AddressTooLong):
        qr.symbols("https://" + "x" * 300)
