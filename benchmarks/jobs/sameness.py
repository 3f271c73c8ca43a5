"""Before anything is measured: do all engines print the same words on the page?

Two files of each are kept in the output folder, to be looked at, when there is one.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module

from pypdfium2 import PdfDocument

from benchmarks.jobs import Order, fpdf, platypus, rendering
from benchmarks.peers import PEERS, why_missing


def run(order: Order) -> int:
    """Compare the words of every page with those of our own.

    Raises:
        ValueError: an engine prints other words; nothing measured would be comparable.
    """
    small = Order(letters=order.letters, codes=False)
    files = {
        "ours": next(rendering.files(small))[1],
        "platypus": platypus.document(small),
        "fpdf2": fpdf.document(small),
        "fpdf2-careful": fpdf.document(Order(letters=order.letters, careful=True)),
    }
    files |= dict(_installed(small))
    if order.output:
        for name, content in files.items():
            (order.folder / f"{name}.pdf").write_bytes(content)
    words = {name: _words(content) for name, content in files.items()}
    for name, found in words.items():
        if found != words["ours"]:
            raise ValueError(name)
    return order.letters


def _installed(order: Order) -> Iterator[tuple[str, bytes]]:
    """Give the documents of the peers that are no dependencies of ours, where they are there."""
    for name in PEERS:
        if not why_missing(name):
            document: Callable[[Order], bytes] = import_module(f"benchmarks.jobs.{name}").document
            yield name, document(order)


def _words(content: bytes) -> list[Counter[str]]:
    document = PdfDocument(content)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    return [Counter(text.replace("\N{NO-BREAK SPACE}", " ").split()) for text in pages]
