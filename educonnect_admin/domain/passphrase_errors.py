"""Refusals of passphrases, whatever they close."""

from educonnect_admin.domain.errors import EduConnectError


class NoPassphrase(EduConnectError):
    """A passphrase is wanted, nobody sits at a terminal to type it, and no file holds it."""

    def __init__(self, setting: str) -> None:
        super().__init__(setting)
        self.setting = setting


class UnusablePassphrase(EduConnectError):
    """A passphrase that can't be used.

    Attributes:
        why: `short`, `long`, `signs`, `differ` or `file`.
        least: signs that it must have.
        setting: what may name the file that holds it.
    """

    def __init__(self, why: str, least: int, setting: str) -> None:
        super().__init__(why, least, setting)
        self.why = why
        self.least = least
        self.setting = setting
