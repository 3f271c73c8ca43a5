"""The alphabet of SMS (GSM 03.38): what one message of 160 signs can say."""

LONGEST = 160
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€")


def septets(text: str) -> int | None:
    """Return how many signs a text takes in an SMS; None if it has others.

    One foreign sign would turn the whole SMS into another alphabet, of 70 signs.
    """
    if not set(text) <= _BASIC | _EXTENDED:
        return None
    return len(text) + sum(sign in _EXTENDED for sign in text)
