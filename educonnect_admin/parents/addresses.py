"""E-mail addresses as parents type them."""

from educonnect_admin.rosters.cells import clean, parse_email

LONGEST = 254


def tidy_email(typed: str) -> str | None:
    """Return an address in its normal form, or nothing if it is none.

    Judged as in the schools' files, so that an address is never good for one door and bad
    for the other. The network is not asked: whether it works, its owner's answer tells.
    """
    text = clean(typed)
    if not text or len(text) > LONGEST:
        return None
    return parse_email(text)[0]


def same_email(one: str, other: str) -> bool:
    """Tell whether two addresses reach one mailbox, as far as everybody agrees.

    The domain never minds capitals; the rest nearly never does, and a telephone likes to
    write the first letter large.
    """
    return one.casefold() == other.casefold()
