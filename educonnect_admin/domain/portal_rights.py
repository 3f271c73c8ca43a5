"""What the parents' portal may do to the tables: what parents' journeys do, and no more (R-65).

It answers strangers, and needs every school: what it may not do, whoever takes it over can't
either. A table without a line it does not change; one that is not in `READ` it does not see.
"""

from collections.abc import Mapping
from typing import NamedTuple


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


CHANGED: Mapping[str, Change] = {
    "accounts": Change(
        columns=(
            "state", "former_state", "journey", "activated_at", "ended_at", "last_login_at",
            "password_hash", "password_set_at", "sessions_void_at", "email", "email_confirmed_at",
            "email_bounced_at", "pending_email", "pending_email_at", "franceconnect_digest",
            "franceconnect_at",
        )
    ),
    # A record is claimed, or goes with an account that is regrouped.
    "guardians": Change(columns=("account_id",)),
    "letters": Change(columns=("end", "ended_at")),
    "regroupings": Change(adds=True),
    "regrouped_records": Change(adds=True),
    # A message leaves at once if it can; what it said is wiped then.
    "messages": Change(
        adds=True,
        columns=(
            "state", "claim", "claimed_at", "attempts", "due_at", "error", "maybe_double", "sealed",
            "ended_at",
        ),
    ),
    "mail_links": Change(adds=True, removes=True, columns=("end", "ended_at")),
    "setbacks": Change(adds=True, removes=True),
    "try_counts": Change(
        adds=True, removes=True, columns=("failures", "first_at", "last_at", "locked_until")
    ),
    "visits": Change(
        adds=True, removes=True, columns=("token_digest", "sealed", "began_at", "seen_at")
    ),
    "sms_codes": Change(adds=True, removes=True, columns=("failures", "ended_at")),
    "trail_entries": Change(adds=True),
    "trail_heads": Change(adds=True, columns=("count", "digest", "key_id", "seal")),
}  # fmt: skip

READ = frozenset(
    {
        "offices", "services", "schools", "school_classes", "enrolments", "pupils", "guardians",
        "guardianships", "accounts", "letters", "regroupings", "review_items", "messages",
        "mail_links", "setbacks", "try_counts", "visits", "sms_codes", "trail_entries",
        "trail_heads", "operators",
    }
)  # fmt: skip

READ_OF: Mapping[str, frozenset[str]] = {"trail_entries": frozenset({"id", "chain", "sequence"})}
"""Where not every column is: what it needs to add the next entry, not what the others did."""
