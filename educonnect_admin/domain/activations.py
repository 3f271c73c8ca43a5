"""The figures of an audit of activations: one object that every rendering reads (R-64)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from educonnect_admin.domain.accounts import AccountState, Journey

EXPIRING_DAYS = 15
"""A live letter whose last day is so many days away at most is expiring (R-64)."""
COMMON_ZONE = "Europe/Paris"
"""Whose days count where the schools of an audit live by several clocks."""


class GroupedBy(StrEnum):
    """What a row of the audit is."""

    CLASS = "class"
    SCHOOL = "school"
    ACADEMY = "academy"


class Step(StrEnum):
    """How far accounts have come; each step counts those that went beyond it too."""

    ACCOUNTS = "accounts"
    NOTIFIED = "notified"
    PASSWORD_CHOSEN = "password_chosen"  # noqa: S105 - a step, not a secret
    ACTIVE = "active"


_BEYOND: Mapping[Step, frozenset[AccountState]] = {
    Step.ACCOUNTS: frozenset(AccountState),
    Step.NOTIFIED: frozenset(
        {AccountState.NOTIFIED, AccountState.EMAIL_PENDING, AccountState.ACTIVE}
    ),
    Step.PASSWORD_CHOSEN: frozenset({AccountState.EMAIL_PENDING, AccountState.ACTIVE}),
    Step.ACTIVE: frozenset({AccountState.ACTIVE}),
}


class Standing(NamedTuple):
    """How many accounts of one group share everything that is counted here.

    An account of two groups is among the `accounts` of both, and counted `once` in one of them.
    """

    academy: str | None
    uai: str
    school: str
    town: str
    class_label: str | None
    state: AccountState
    journey: Journey | None
    has_letter: bool
    expiring: bool
    bounced: bool
    accounts: int
    once: int


@dataclass(slots=True)
class Figures:
    """The accounts of one group.

    `notified` counts every account in that state; `notification_expired` those of them
    whose letters are all over (R-1). `letters` counts live letters, of which an account has
    one at most; `expiring` those with 15 days at most to live. `bounced` counts accounts
    whose mail was refused, or whose last message could not be delivered.
    """

    academy: str | None = None
    school: str = ""
    uai: str = ""
    town: str = ""
    class_label: str | None = None
    accounts: int = 0
    letters: int = 0
    expiring: int = 0
    bounced: int = 0
    notification_expired: int = 0
    by_state: dict[AccountState, int] = field(
        default_factory=lambda: dict.fromkeys(AccountState, 0)
    )
    by_journey: dict[Journey, int] = field(default_factory=lambda: dict.fromkeys(Journey, 0))

    @property
    def active(self) -> int:
        """How many accounts are active."""
        return self.by_state[AccountState.ACTIVE]

    @property
    def rate(self) -> float:
        """The share of active accounts, from 0 to 1; 0 where there is no account."""
        return self.share_of(self.active)

    @property
    def funnel(self) -> dict[Step, int]:
        """How many accounts have come to each step; never more than to the one before."""
        return {
            step: sum(self.by_state[state] for state in states) for step, states in _BEYOND.items()
        }

    def share_of(self, number: int) -> float:
        """Return a number of these accounts as a share from 0 to 1."""
        return round(number / self.accounts, 4) if self.accounts else 0.0

    def add(self, standing: Standing) -> None:
        """Count the accounts of one standing in."""
        self.accounts += standing.accounts
        self.by_state[standing.state] += standing.accounts
        if standing.journey is not None:
            self.by_journey[standing.journey] += standing.accounts
        if standing.has_letter:
            self.letters += standing.accounts
        elif standing.state is AccountState.NOTIFIED:
            self.notification_expired += standing.accounts
        self.expiring += standing.accounts * standing.expiring
        self.bounced += standing.accounts * standing.bounced


class ActiveDay(NamedTuple):
    """A day on which accounts were activated: how many, and how many by then."""

    day: date
    activated: int
    total: int


@dataclass(frozen=True, slots=True)
class Audit:
    """The whole, where every account counts once, and its rows, by class, school or academy.

    Attributes:
        days: activations over time, of the accounts that are active today; empty days apart.
        undated: active accounts of which nobody knows the day.
        at: the moment of the audit (aware).
        time_zone: whose days `days` are.
        uai: the one school that was asked for, `school` being its name.
        academy: the code of the one academy that was asked for.
    """

    total: Figures
    rows: Sequence[Figures]
    by: GroupedBy
    days: Sequence[ActiveDay]
    at: datetime
    time_zone: str
    uai: str | None = None
    school: str | None = None
    academy: str | None = None

    @property
    def undated(self) -> int:
        """How many active accounts have no known day of activation."""
        return self.total.active - (self.days[-1].total if self.days else 0)
