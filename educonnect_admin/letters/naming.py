"""People and places as a French letter writes them."""

from educonnect_admin.domain.civility import Civility

_CIVILITIES = {Civility.MADAM: "Mme", Civility.SIR: "M."}
_AT_HOME = {"", "france", "fr"}


def addressed(civility: Civility | None, given_name: str, surname: str) -> str:
    """Return a person as an address greets them: `Mme Céline DUPONT` (R-10)."""
    parts = (_CIVILITIES[civility] if civility else "", given_name, surname)
    return " ".join(part for part in parts if part)


def address_lines(
    street: str | None, postcode: str | None, city: str | None, country: str | None
) -> tuple[str, ...]:
    """Return the lines of a postal address, without the empty ones and without «France»."""
    lines = [line.strip() for line in (street or "").splitlines()]
    lines.append(" ".join(part for part in (postcode, city) if part))
    if (country or "").strip().lower() not in _AT_HOME:
        lines.append((country or "").strip().upper())
    return tuple(line for line in lines if line)
