"""Our rendering alone: contents in, PDF bytes out; nothing is hashed, stored or written."""

from collections.abc import Iterator
from itertools import islice
from unittest.mock import patch

from benchmarks.households import Page, pages_by_class
from benchmarks.jobs import Order
from educonnect_admin.letters import ink, qr
from educonnect_admin.letters.content import BatchHeading
from educonnect_admin.letters.press import LetterPress


def run(order: Order) -> int:
    """Render the letters, so many a file."""
    return sum(pages for pages, _ in files(order))


def files(order: Order) -> Iterator[tuple[int, bytes]]:
    """Give each file and how many pages it has."""
    press = LetterPress()
    for heading, pages in _parcels(order):
        if order.codes:
            yield len(pages), press.letters(heading, pages)
        else:
            with (
                patch.object(qr, "symbols", _no_symbols),
                patch.object(ink, "stencil", _no_code),
            ):
                yield len(pages), press.letters(heading, pages)


def _parcels(order: Order) -> Iterator[tuple[BatchHeading, list[Page]]]:
    """Give the letters of a file: those of a class, or of several under the first heading."""
    by_class = pages_by_class(order.letters)
    several = max(1, order.per_file // 25)
    while parcel := list(islice(by_class, several)):
        yield parcel[0][0], [page for _, pages in parcel for page in pages]


class _NoSymbols:
    """Stands where the QR codes of a batch would."""

    modules = 0

    def rows(self, _number: str) -> bytes:
        """Return an empty symbol."""
        return b""


def _no_symbols(_prefix: str) -> _NoSymbols:
    return _NoSymbols()


def _no_code(*_place: object) -> str:
    return ""
