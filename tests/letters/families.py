"""Made-up families of the tests."""

from dataclasses import replace

from educonnect_admin.letters.content import ChildLine, LetterContent
from educonnect_admin.letters.specimens import ONE_CHILD

SCHOOL = "École élémentaire Jules-Ferry"


def child(name: str, label: str | None = "CE1 A", school: str = SCHOOL) -> ChildLine:
    """A child of our school."""
    return ChildLine(name=name, school=school, class_label=label)


def letter(holder: str, *children: ChildLine, identifier: str = "someone") -> LetterContent:
    """The letter of a guardian, carried by the first child."""
    return replace(
        ONE_CHILD,
        holder=holder,
        children=children,
        carrier=children[0],
        identifier=identifier,
    )


def many(count: int) -> LetterContent:
    """The letter of a guardian of many children."""
    return letter("M. Ömer ÖZTÜRK", *(child(f"Prénom{n} ÖZTÜRK") for n in range(1, count + 1)))
