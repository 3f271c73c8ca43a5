"""The password that a holder chooses (R-4)."""

import re
from importlib.resources import files

import pytest

from educonnect_admin.domain.holder_passwords import PasswordFault, is_common, password_fault
from educonnect_admin.portal.password_words import FAULTS


@pytest.mark.parametrize("password", ["tilleul7", "Tilleul7Tilleu", "7aaaaaaa", "BZNZ57DM"])
def test_shape_is_all_that_is_asked(password: str) -> None:
    """8 to 14 unaccented letters and digits, one of each: capitals are nobody's duty."""
    assert password_fault(password, identifier="pauline.moreau") is None


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("", PasswordFault.SHORT),
        ("tilleu7", PasswordFault.SHORT),
        ("tilleul7tilleul", PasswordFault.LONG),
        ("tilleuls", PasswordFault.NO_DIGIT),
        ("20181130", PasswordFault.NO_LETTER),
        ("tillèul7", PasswordFault.SIGNS),
        ("tilleul 7", PasswordFault.SIGNS),
        ("tilleul7!", PasswordFault.SIGNS),
        ("tilleul७", PasswordFault.SIGNS),
        ("tilleul7\n", PasswordFault.SIGNS),
        ("Azerty123", PasswordFault.COMMON),
        ("MotDePasse1", PasswordFault.COMMON),
    ],
)
def test_each_fault_is_named(password: str, fault: PasswordFault) -> None:
    """The holder learns which rule is not kept."""
    assert password_fault(password, identifier="pauline.moreau") is fault


def test_identifier_is_no_password() -> None:
    """`v.durant1` without its dot is what a stranger tries first."""
    assert password_fault("VDurand12", identifier="v.durand12") is PasswordFault.IS_IDENTIFIER


def test_temporary_password_is_not_kept() -> None:
    """The one on the letter is refused, however it is typed."""
    fault = password_fault("bznz57dm", identifier="v.durand", temporary="BZNZ57DM")

    assert fault is PasswordFault.IS_TEMPORARY


def test_list_holds_a_thousand_that_the_shape_allows() -> None:
    """No line is wasted on what is refused anyway."""
    words = files("educonnect_admin.domain").joinpath("common_passwords.txt").read_text().split()

    assert len(set(words)) == len(words) == 1_000
    assert words == sorted(words)
    assert all(re.fullmatch(r"(?=.*[a-z])(?=.*[0-9])[a-z0-9]{8,14}", word) for word in words)
    assert is_common("passw0rd")


def test_every_fault_has_words() -> None:
    """A refusal that says nothing is a dead end (R-56)."""
    assert set(FAULTS) == set(PasswordFault)
