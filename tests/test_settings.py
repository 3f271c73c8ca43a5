"""What the variables of the environment say."""

import pytest
from pydantic import ValidationError

from educonnect_admin.settings import Settings


def test_a_variable_is_known_however_it_is_spelt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some shells and service managers write names in small letters."""
    monkeypatch.setenv("EDUCONNECT_WORKERS", "3")
    monkeypatch.setenv("educonnect_smtp_host", "localhost")
    monkeypatch.setenv("Educonnect_Mail_From", "a@b.example")

    settings = Settings()

    assert settings.workers == 3
    assert settings.smtp_host == "localhost"
    assert settings.mail_from == "a@b.example"
    assert {"workers", "smtp_host", "mail_from"} <= settings.model_fields_set


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deployment file names all of them, and fills in a few."""
    monkeypatch.setenv("EDUCONNECT_WORKERS", "")

    settings = Settings()

    assert settings.workers == 0
    assert "workers" not in settings.model_fields_set


def test_what_is_said_outright_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """The options of the command line come before the environment."""
    monkeypatch.setenv("EDUCONNECT_OPERATOR", "alice")

    assert Settings(operator="bob").operator == "bob"


def test_variables_that_name_no_setting_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as `EDUCONNECT_TRACEBACK`, read elsewhere, and those of other programs."""
    monkeypatch.setenv("EDUCONNECT_TRACEBACK", "1")
    monkeypatch.setenv("EDUCONNECT_SELF", "1")
    monkeypatch.setenv("WORKERS", "3")

    assert Settings().workers == 0


def test_a_value_of_the_environment_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the refusal names the setting."""
    monkeypatch.setenv("EDUCONNECT_WORKERS", "-1")

    with pytest.raises(ValidationError) as refused:
        Settings()

    assert [problem["loc"] for problem in refused.value.errors()] == [("workers",)]
