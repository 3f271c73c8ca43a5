"""What one letter says, frozen: the only thing a renderer needs to know (R-10, R-15)."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolHeading:
    """The school as a letter shows it, the same for every letter of a batch."""

    name: str
    city: str | None
    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ChildLine:
    """A child of the account, as the letter lists it."""

    name: str
    school: str
    class_label: str | None

    def __repr__(self) -> str:
        return "ChildLine()"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class LetterContent:
    """One letter: to whom, by which child, for which children.

    Attributes:
        number: the opaque number of the letter, all that its QR code carries.
        holder: civility, given and family name, as R-10 greets them.
        address: the lines of the postal address under the name; may be empty.
        carrier: the child who brings it home, shown on top for the satchel.
        children: every child attached to the account, the carrier included.
        identifier: the identifier of the account.
    """

    number: str
    holder: str
    address: tuple[str, ...]
    carrier: ChildLine
    children: tuple[ChildLine, ...]
    identifier: str

    def __repr__(self) -> str:
        return f"LetterContent(number={self.number!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchHeading:
    """What all the letters of one class file share.

    `created_on` and `last_day` are days of the school's own calendar (R-11); `portal_url`
    has no slash at its end; a letter's QR code reads `{portal_url}/l/{number}`.
    """

    school: SchoolHeading
    class_label: str | None
    batch: int
    portal_url: str
    created_on: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SlipLine:
    """One guardian of one pupil on the slip of a class.

    `remark` is what stands instead of the box to tick: «déjà notifié le …»,
    «remis à Léa DUPONT, classe CM1», «compte activé» …; empty when the letter travels in
    this pupil's satchel.
    """

    pupil: str
    guardian: str
    remark: str = ""

    def __repr__(self) -> str:
        return "SlipLine()"
