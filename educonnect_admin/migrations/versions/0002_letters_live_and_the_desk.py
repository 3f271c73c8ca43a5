"""What the desk and the mail need: confirmed addresses, outbox, locks, regroupings, search."""

import sqlalchemy as sa
from alembic import op

from educonnect_admin.domain.names import name_key

revision = "0002"
down_revision = "0001"

_MOMENT = sa.DateTime(timezone=True)

# `INSERT OR REPLACE` removes a row without firing a trigger on deletion.
_SQLITE_GUARDS = (
    """
    CREATE TRIGGER trail_entries_no_replace BEFORE INSERT ON trail_entries
    WHEN EXISTS (
        SELECT 1 FROM trail_entries
        WHERE id = NEW.id OR (chain = NEW.chain AND sequence = NEW.sequence)
    )
    BEGIN SELECT RAISE(ABORT, 'trail_entries is append-only'); END
    """,
)

# Spaces around a word make its beginning and its end count, as pg_trgm does.
_SQLITE_SEARCH = (
    "CREATE VIRTUAL TABLE name_trigrams USING fts5(word, content='', tokenize='trigram')",
    """
    CREATE TRIGGER name_words_to_trigrams AFTER INSERT ON name_words
    BEGIN
        INSERT INTO name_trigrams (rowid, word) VALUES (NEW.id, '  ' || NEW.word || ' ');
    END
    """,
    *(
        f"""
        CREATE TRIGGER {table}_{column}_{event} AFTER {happening} ON {table}
        WHEN NEW.{column} <> ''
            AND NOT EXISTS (SELECT 1 FROM name_words WHERE word = NEW.{column})
        BEGIN INSERT INTO name_words (word) VALUES (NEW.{column}); END
        """
        for table in ("guardians", "pupils")
        for column in ("family_key", "given_key", "usage_key")
        for event, happening in (("learnt", "INSERT"), ("relearnt", f"UPDATE OF {column}"))
    ),
)
# A plan made while the table was empty is kept by the connection: it would go through the
# words, or the waiting list of the trigrams, for each name. Only the plain index will do.
_BY_INDEX = (
    "SET enable_seqscan = off SET enable_bitmapscan = off "
    "SET enable_hashjoin = off SET enable_mergejoin = off"
)
_POSTGRESQL_SEARCH = (
    f"""
    CREATE FUNCTION learn_new_names() RETURNS trigger LANGUAGE plpgsql {_BY_INDEX} AS $$
    BEGIN
        INSERT INTO name_words (word)
        SELECT word FROM (
            SELECT family_key AS word FROM arrived
            UNION SELECT given_key FROM arrived
            UNION SELECT usage_key FROM arrived
        ) AS words
        WHERE word <> '' AND NOT EXISTS (SELECT 1 FROM name_words AS w WHERE w.word = words.word);
        RETURN NULL;
    END $$
    """,
    f"""
    CREATE FUNCTION learn_changed_name() RETURNS trigger LANGUAGE plpgsql {_BY_INDEX} AS $$
    BEGIN
        INSERT INTO name_words (word)
        SELECT DISTINCT word FROM unnest(ARRAY[NEW.family_key, NEW.given_key, NEW.usage_key])
            AS words (word)
        WHERE word <> '' AND NOT EXISTS (SELECT 1 FROM name_words AS w WHERE w.word = words.word);
        RETURN NULL;
    END $$
    """,
    *(
        statement
        for table in ("guardians", "pupils")
        for statement in (
            f"""
            CREATE TRIGGER {table}_learn_new AFTER INSERT ON {table}
            REFERENCING NEW TABLE AS arrived
            FOR EACH STATEMENT EXECUTE FUNCTION learn_new_names()
            """,
            f"""
            CREATE TRIGGER {table}_learn_changed
            AFTER UPDATE OF family_key, given_key, usage_key ON {table}
            FOR EACH ROW EXECUTE FUNCTION learn_changed_name()
            """,
        )
    ),
)


def upgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    _extend_accounts()
    _extend_people()
    _extend_letters()
    _create_tables()
    if postgresql:
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.execute(
            "CREATE INDEX ix_name_words_trigrams ON name_words USING gin (word gin_trgm_ops)"
        )
    for statement in _POSTGRESQL_SEARCH if postgresql else (*_SQLITE_GUARDS, *_SQLITE_SEARCH):
        op.execute(statement)
    _learn_known_names()


def _extend_accounts() -> None:
    for column in (
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("email_confirmed_at", _MOMENT, nullable=True),
        sa.Column("email_bounced_at", _MOMENT, nullable=True),
        sa.Column("pending_email", sa.String(254), nullable=True),
        sa.Column("pending_email_at", _MOMENT, nullable=True),
        sa.Column("password_hash", sa.LargeBinary(), nullable=True),
        sa.Column("password_set_at", _MOMENT, nullable=True),
        sa.Column("last_login_at", _MOMENT, nullable=True),
        sa.Column("sessions_void_at", _MOMENT, nullable=True),
        sa.Column("former_state", sa.String(32), nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
    ):
        op.add_column("accounts", column)
    op.create_index("ix_accounts_email", "accounts", [sa.text("lower(email)")])


def _extend_people() -> None:
    for table in ("guardians", "pupils"):
        op.add_column(table, sa.Column("usage_key", sa.String(300), nullable=True))
        _fill_usage_keys(table)
        op.create_index(f"ix_{table}_usage", table, ["usage_key", "given_key"])
        op.create_index(f"ix_{table}_given", table, ["given_key"])
    op.create_index("ix_guardians_email", "guardians", [sa.text("lower(email)")])
    op.create_index("ix_trail_entries_guardian_id", "trail_entries", ["guardian_id"])


def _extend_letters() -> None:
    """Find the few hashes to clear among all the letters there ever were (R-11)."""
    hashed = sa.text("ended_at IS NOT NULL AND password_hash IS NOT NULL")
    op.create_index(
        "ix_letters_hashed", "letters", ["ended_at"], sqlite_where=hashed, postgresql_where=hashed
    )


def _fill_usage_keys(table: str) -> None:
    people = sa.table(table, sa.column("usage_name"), sa.column("usage_key"))
    connection = op.get_bind()
    names = connection.scalars(
        sa.select(people.c.usage_name).where(people.c.usage_name.is_not(None)).distinct()
    ).all()
    for name in names:
        connection.execute(
            sa.update(people).where(people.c.usage_name == name).values(usage_key=name_key(name))
        )


def _learn_known_names() -> None:
    known = " UNION ".join(
        f"SELECT {column} AS word FROM {table}"
        for table in ("guardians", "pupils")
        for column in ("family_key", "given_key", "usage_key")
    )
    op.execute(
        f"INSERT INTO name_words (word) SELECT word FROM ({known}) AS words WHERE word <> ''"
    )


def _create_tables() -> None:
    op.create_table(
        "name_words",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("word", sa.String(300), nullable=False),
    )
    op.create_index("ix_name_words_word", "name_words", ["word"])
    op.create_table(
        "guardian_corrections",
        sa.Column("guardian_id", sa.Integer(), sa.ForeignKey("guardians.id"), primary_key=True),
        sa.Column("field", sa.String(20), primary_key=True),
        sa.Column("source_value", sa.Text(), nullable=True),
        sa.Column("corrected_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "regroupings",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("principal_id", sa.Integer(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("other_id", sa.Integer(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("regrouped_at", _MOMENT, nullable=False),
        sa.Column("undone_at", _MOMENT, nullable=True),
    )
    op.create_index("ix_regroupings_principal_id", "regroupings", ["principal_id"])
    op.create_index("ix_regroupings_other_id", "regroupings", ["other_id"])
    op.create_table(
        "regrouped_records",
        sa.Column("regrouping_id", sa.Integer(), sa.ForeignKey("regroupings.id"), primary_key=True),
        sa.Column("guardian_id", sa.Integer(), sa.ForeignKey("guardians.id"), primary_key=True),
    )
    op.create_table(
        "try_counts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(100), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("accounts.id"), nullable=True),
        sa.Column("pupil_id", sa.Integer(), sa.ForeignKey("pupils.id"), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("first_at", _MOMENT, nullable=False),
        sa.Column("last_at", _MOMENT, nullable=False),
        sa.Column("locked_until", _MOMENT, nullable=True),
    )
    op.create_index("uq_try_counts_subject", "try_counts", ["kind", "subject"], unique=True)
    op.create_index("ix_try_counts_account_id", "try_counts", ["account_id"])
    op.create_table(
        "setbacks",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("happened_at", _MOMENT, nullable=False),
    )
    op.create_index("ix_setbacks_account_id", "setbacks", ["account_id"])
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("reference", sa.String(32), nullable=False, unique=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("accounts.id"), nullable=True),
        sa.Column("guardian_id", sa.Integer(), sa.ForeignKey("guardians.id"), nullable=True),
        sa.Column("school_id", sa.Integer(), sa.ForeignKey("schools.id"), nullable=True),
        sa.Column("letter_id", sa.Integer(), sa.ForeignKey("letters.id"), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("not_after", _MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String(32), nullable=True),
        sa.Column("claimed_at", _MOMENT, nullable=True),
        sa.Column("error", sa.String(64), nullable=True),
        sa.Column("maybe_double", sa.Boolean(), nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
    )
    waiting = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_messages_due", "messages", ["due_at"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_index("ix_messages_account_id", "messages", ["account_id"])
    op.create_index("ix_messages_letter_id", "messages", ["letter_id"])
