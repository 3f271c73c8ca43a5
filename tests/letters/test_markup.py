"""Lines of text become blocks that know their role."""

from hypothesis import given
from hypothesis import strategies as st

from educonnect_admin.letters.markup import NO_BREAK, Block, Role, Span, parse, shield


def test_each_line_has_its_role() -> None:
    """Heading, item, step and paragraph; empty lines do not count."""
    blocks = parse("# Titre\n\n- un\n2. deux\nsuite\n")
    assert [block.role for block in blocks] == [
        Role.HEADING, Role.ITEM, Role.STEP, Role.PARAGRAPH,
    ]  # fmt: skip
    assert blocks[2].marker == "2."


def test_stars_make_bold() -> None:
    """Two stars open and close bold."""
    (block,) = parse("un **deux** trois")
    assert block.spans == (Span("un ", False), Span("deux", True), Span(" trois", False))


def test_french_punctuation_stays_with_its_word() -> None:
    """No line begins with a colon or a closing quote."""
    (block,) = parse("« Oui » : non ?")
    assert block.spans[0].text == f"«{NO_BREAK}Oui{NO_BREAK}»{NO_BREAK}: non{NO_BREAK}?"


@given(st.text())
def test_a_value_is_one_paragraph_of_plain_text(value: str) -> None:
    """Whatever a value holds, it makes no heading, list, bold or second line."""
    blocks = parse(f"a {shield(value)} b")
    (block,) = blocks
    assert block.role is Role.PARAGRAPH
    assert [span.bold for span in block.spans] == [False]


@given(st.text())
def test_a_value_alone_on_its_line_is_a_paragraph(value: str) -> None:
    """A name that begins like a list is still a name."""
    assert all(block.role is Role.PARAGRAPH for block in parse(shield(value)))


def test_unknown_is_empty() -> None:
    """A missing class prints nothing, not the word None."""
    assert parse(f"a{shield(None)}") == (Block(Role.PARAGRAPH, (Span("a", False),)),)
