"""E-mail addresses as parents type them."""

import pytest

from educonnect_admin.parents.addresses import same_email, tidy_email


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" Pauline.Moreau@Example.FR ", "Pauline.Moreau@example.fr"),
        ("p+ecole@example.fr", "p+ecole@example.fr"),
        ("pauline\u200e@example.fr", None),
        ("pauline@example", None),
        ("pauline moreau@example.fr", None),
        ("pauline@example.fr\nBcc: x@example.fr", None),
        ("", None),
        ("@", None),
        (f"p@{'a' * 300}.fr", None),
    ],
)
def test_addresses_are_tidied_or_refused(typed: str, address: str | None) -> None:
    """The network is not asked; a line break never gets through."""
    assert tidy_email(typed) == address


def test_capitals_do_not_make_another_address() -> None:
    """A telephone writes the first letter of the confirmation large."""
    assert same_email("pauline@example.fr", "Pauline@example.fr")
    assert not same_email("pauline@example.fr", "paul@example.fr")
