"""What the services may do to the tables: the parents' portal, the tasks of timers (R-65).

Each needs every school, and nobody watches it: it may do what its journeys or tasks do, and no
more. What it may not do, whoever takes it over can't either.
"""

from collections.abc import Mapping
from typing import NamedTuple

from educonnect_admin.domain.operators import Role


class Change(NamedTuple):
    """What is done to the rows of a table.

    Attributes:
        adds, removes: whether rows are.
        columns: those that are changed in a row.
    """

    adds: bool = False
    removes: bool = False
    columns: tuple[str, ...] = ()

    @property
    def verbs(self) -> frozenset[str]:
        """The verbs of SQL."""
        asked = {"INSERT": self.adds, "UPDATE": bool(self.columns), "DELETE": self.removes}
        return frozenset(verb for verb, wanted in asked.items() if wanted)


class Rights(NamedTuple):
    """What a service sees and does.

    Attributes:
        changes: by table; one without a line it does not change.
        reads: the tables that it sees.
        reads_only: where not every column is, those that are.
        holds: tables of which it holds rows without changing them.
    """

    changes: Mapping[str, Change]
    reads: frozenset[str]
    reads_only: Mapping[str, frozenset[str]] = {}
    holds: frozenset[str] = frozenset()

    def change(self, table: str) -> Change:
        """Return what it does to the rows of a table."""
        return self.changes.get(table, Change())


# A message that waits is taken in hand, sent, and what it said is wiped.
_DELIVERED = (
    "state", "claim", "claimed_at", "attempts", "due_at", "error", "maybe_double", "sealed",
    "ended_at",
)  # fmt: skip
_TRAIL = {
    "trail_entries": Change(adds=True),
    "trail_heads": Change(adds=True, columns=("count", "digest", "key_id", "seal")),
}
_BOTH = frozenset(
    {
        "offices", "services", "schools", "school_classes", "enrolments", "pupils", "guardians",
        "guardianships", "accounts", "letters", "messages", "trail_entries", "trail_heads",
        "operators",
    }
)  # fmt: skip

_PORTAL = Rights(
    changes={
        **_TRAIL,
        "accounts": Change(
            columns=(
                "state",
                "former_state",
                "journey",
                "activated_at",
                "ended_at",
                "last_login_at",
                "password_hash",
                "password_set_at",
                "sessions_void_at",
                "email",
                "email_confirmed_at",
                "email_bounced_at",
                "pending_email",
                "pending_email_at",
                "franceconnect_digest",
                "franceconnect_at",
            )
        ),
        # A record is claimed, or goes with an account that is regrouped.
        "guardians": Change(columns=("account_id",)),
        "letters": Change(columns=("end", "ended_at")),
        "regroupings": Change(adds=True),
        "regrouped_records": Change(adds=True),
        "messages": Change(adds=True, columns=_DELIVERED),
        "mail_links": Change(adds=True, removes=True, columns=("end", "ended_at")),
        "setbacks": Change(adds=True, removes=True),
        "try_counts": Change(
            adds=True, removes=True, columns=("failures", "first_at", "last_at", "locked_until")
        ),
        "visits": Change(
            adds=True, removes=True, columns=("token_digest", "sealed", "began_at", "seen_at")
        ),
        "sms_codes": Change(adds=True, removes=True, columns=("failures", "ended_at")),
    },
    reads=_BOTH
    | {
        "regroupings",
        "review_items",
        "mail_links",
        "setbacks",
        "try_counts",
        "visits",
        "sms_codes",
    },
    # What it needs to add the next entry, not what the others did.
    reads_only={"trail_entries": frozenset({"id", "chain", "sequence"})},
    # While records go from one account to another.
    holds=frozenset({"schools"}),
)

_CRON = Rights(
    changes={
        **_TRAIL,
        # Closed for want of a child; what it was before a letter that reached nobody.
        "accounts": Change(
            columns=(
                "state", "former_state", "ended_at", "sessions_void_at", "closed_without_child",
                "email_bounced_at",
            )
        ),
        "letters": Change(columns=("end", "ended_at", "password_hash")),
        "messages": Change(columns=_DELIVERED),
        "batches": Change(columns=("state",)),
        "batch_files": Change(columns=("state",)),
    },
    reads=_BOTH | {"batches", "batch_files", "trail_reasons"},
    holds=frozenset({"schools"}),
)  # fmt: skip

SERVICES: Mapping[Role, Rights] = {Role.PORTAL: _PORTAL, Role.CRON: _CRON}
