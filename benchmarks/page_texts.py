"""The texts of the letter for the peers: the same words, without our templates' machinery.

What all letters say is read once from the templates; what varies is put together by plain
f-strings, as an office programmer would, and that favours the peers.
"""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from educonnect_admin.letters.content import BatchHeading, LetterContent
from educonnect_admin.letters.markup import Block
from educonnect_admin.letters.shipped import shipped
from educonnect_admin.letters.templates import LETTER_PARTS, Templates
from educonnect_admin.letters.variables import FIELD_MARKS, of_batch

TEXT, BOLD, CODE = (
    str(shipped() / "fonts" / name)
    for name in ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "JetBrainsMono-SemiBold.ttf")
)


@dataclass(frozen=True, slots=True)
class Line:
    """A block of text: its role, its marker, its words with the bold ones between ** **."""

    role: str
    marker: str
    words: str

    @property
    def markup(self) -> str:
        """The words as reportlab's paragraphs want them."""
        pieces = escape(self.words).split("**")
        return "".join(f"<b>{text}</b>" if at % 2 else text for at, text in enumerate(pieces))


def batch_texts(heading: BatchHeading) -> dict[str, list[Line]]:
    """Return what every letter of a file says, by part."""
    templates = Templates()
    values = of_batch(heading) | FIELD_MARKS
    parts = {name: templates.part(f"activation/{name}.j2") for name in LETTER_PARTS}
    return {
        name: [_line(block) for block in part.blocks(values)]
        for name, part in parts.items()
        if not part.varies
    }


def _line(block: Block) -> Line:
    words = "".join(f"**{span.text}**" if span.bold else span.text for span in block.spans)
    return Line(block.role, block.marker, words)


def letter_texts(letter: LetterContent) -> dict[str, list[Line]]:
    """Return what one letter says, by part."""
    carrier, number = letter.carrier, letter.number
    return {
        "carrier": [
            _plain("À remettre par"),
            Line("heading", "", f"**{carrier.name}**"),
            _plain(f"classe **{carrier.class_label}**"),
        ],
        "addressee": [
            _plain(f"À l'attention de **{letter.holder}**"),
            *(_plain(line) for line in letter.address),
        ],
        "children": [
            Line("item", "•", f"**{child.name}** – {child.school} – {child.class_label}")
            for child in letter.children
        ],
        "reference": [
            _plain(f"Courrier n° {number[:4]}-{number[4:8]}-{number[8:]} – lot 12"),
        ],
    }


def _plain(words: str) -> Line:
    return Line("paragraph", "", words)
