"""How long what is known of people is kept: every delay in one place, each with its source.

The register (`docs/rgpd.fr.md`) tells the same; a test compares. Limits of tries are settings
(R-6), and no question of keeping.
"""

from datetime import timedelta

MONTHS_OF_LETTER = 3
"""A temporary password opens something for so many months, that day included (R-11; guide)."""

DAYS_WITHOUT_CHILD = 90
"""An account without an enrolled child is closed, then purged with its records (R-62).

The ENT decrees of 2006 and 2017 give three months to whoever is no longer entitled. A pupil, and
a record without an account, are kept as long after the last day in school.
"""

HASH_KEPT = timedelta(days=90)
"""The hash of an ended letter: so long its password is still told «n'est plus valable» (R-11)."""

CONFIRMATION_LIFE = timedelta(hours=72)
"""A link that confirms an address (R-22, R-53)."""

RESET_LIFE = timedelta(hours=1)
"""A link to a new password (R-55)."""

LINKS_KEPT = timedelta(days=90)
"""As the hash of an ended letter (R-11): so long a link that is over still says why."""

CODE_LIFE = timedelta(minutes=30)
"""A code sent by SMS (R-32; guide)."""

IDLE = timedelta(minutes=20)
"""A visit without a request."""

ON_THE_WAY = timedelta(minutes=45)
"""The same for a visit of nobody yet: a code by SMS may be typed for half an hour (R-32)."""

LONGEST_VISIT = timedelta(hours=12)
"""However busy: a browser left open on a shared computer is somebody else's one day."""

BROWSER_KNOWN = timedelta(days=365)
"""The cookie of a browser that has logged in, without another log-in (R-9)."""

TRIES_KEPT = timedelta(hours=24)
"""Counts of tries, after the last one and the end of any lock: no window is longer (R-6)."""

TROUBLES_TOLD = timedelta(days=7)
"""How long a dead end of a journey is taken for what the parent is telephoning about (R-56).

Counts of birth dates are kept as long.
"""

SETBACKS_KEPT = timedelta(days=90)
"""`explain` looks at the last days only; a mend that came too late can still be understood."""

MESSAGES_KEPT = timedelta(days=365)
"""That a mail or SMS has left, and how it ended; what it said is wiped with its end (R-5).

A year is the upper end of what the CNIL asks of logs (délibération 2021-122).
"""

QUESTIONS_KEPT = timedelta(days=365)
"""A question of the queue: one school year; a file that still raises it asks it again (R-60)."""

IMPORT_REPORTS_KEPT = timedelta(days=90)
"""The sealed report of a school's last import, which quotes refused cells; it only saves time."""
