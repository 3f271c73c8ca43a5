"""How alike two mentions of people are, by names and contacts (R-7)."""

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.names import name_key, tidy


class Named(Protocol):
    """Whoever has names."""

    @property
    def family_name(self) -> str:
        """The name at birth, or what the file calls the name."""
        ...

    @property
    def usage_name(self) -> str | None:
        """The name borne, where it is another."""
        ...

    @property
    def given_name(self) -> str:
        """The given name."""
        ...


class Reachable(Named, Protocol):
    """Whoever has names and contacts."""

    @property
    def civility(self) -> Civility | None:
        """How the person is addressed."""
        ...

    @property
    def email(self) -> str | None:
        """The e-mail address."""
        ...

    @property
    def mobile(self) -> str | None:
        """The mobile, E.164."""
        ...

    @property
    def street(self) -> str | None:
        """The lines of the address."""
        ...

    @property
    def postcode(self) -> str | None:
        """The postcode."""
        ...


class Contacts(StrEnum):
    """What e-mail, mobile and address of two people say, taken together."""

    AGREE = "agree"
    SILENT = "silent"
    CONTRADICT = "contradict"


def key(text: str | None) -> str:
    """Return the key by which names and labels compare.

    A name of punctuation alone folds to nothing; it then stands for itself, or everybody
    of such a name would be one person.
    """
    return (name_key(text) or tidy(text).casefold()) if text else ""


def surname_keys(person: Named) -> frozenset[str]:
    """Return the keys of the family and usage names; either may meet somebody."""
    return _surnames(person.family_name, person.usage_name)


@lru_cache(maxsize=65_536)
def _surnames(family_name: str, usage_name: str | None) -> frozenset[str]:
    return frozenset({key(family_name), key(usage_name)} - {""})


def same_names(one: Named, other: Named) -> bool:
    """Tell whether the given names are alike, and any surname of one is one of the other's."""
    return key(one.given_name) == key(other.given_name) and not surname_keys(one).isdisjoint(
        surname_keys(other)
    )


def usage_contradicts(one: Named, other: Named) -> bool:
    """Tell whether both have a usage name, and not the same."""
    return bool(one.usage_name and other.usage_name) and key(one.usage_name) != key(
        other.usage_name
    )


def civility_contradicts(one: Reachable, other: Reachable) -> bool:
    """Tell whether both have a civility, and not the same: `Dominique` may be M. or Mme."""
    return None not in {one.civility, other.civility} and one.civility != other.civility


def compare_contacts(one: Reachable, *others: Reachable) -> Contacts:
    """Compare what both have of e-mail, mobile and address; an empty cell says nothing.

    Args:
        one: Somebody.
        others: Somebody else; several times over if known in several ways, of which any
            may agree (R-61).
    """
    said = {
        _any(_same(_folded(one.email), _folded(other.email)) for other in others),
        _any(_same(one.mobile, other.mobile) for other in others),
        _any(_same_address(one, other) for other in others),
    }
    if False in said:
        return Contacts.CONTRADICT
    return Contacts.AGREE if True in said else Contacts.SILENT


def is_reached_alike(one: Reachable, other: Reachable) -> bool:
    """Tell whether e-mail or mobile is the same: the address alone is a household's."""
    return bool(_same(_folded(one.email), _folded(other.email)) or _same(one.mobile, other.mobile))


def _any(verdicts: Iterable[bool | None]) -> bool | None:
    """Return yes if any says so, else no if any says so, else nothing."""
    found = set(verdicts)
    return True if True in found else False if False in found else None


def _folded(email: str | None) -> str | None:
    return email.casefold() if email else None


def _same(one: str | None, other: str | None) -> bool | None:
    return one == other if one and other else None


def _same_address(one: Reachable, other: Reachable) -> bool | None:
    streets = _same(key(one.street), key(other.street))
    if not streets:
        return streets
    return _same(key(one.postcode), key(other.postcode)) is not False
