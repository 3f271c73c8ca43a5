"""The first schema: schools, people, accounts, letters, trail (R-1 to R-14, R-63)."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# The trail can only grow: the database itself refuses anything else.
_SQLITE_GUARDS = (
    """
    CREATE TRIGGER trail_entries_no_update BEFORE UPDATE ON trail_entries
    BEGIN SELECT RAISE(ABORT, 'trail_entries is append-only'); END
    """,
    """
    CREATE TRIGGER trail_entries_no_delete BEFORE DELETE ON trail_entries
    BEGIN SELECT RAISE(ABORT, 'trail_entries is append-only'); END
    """,
)
_POSTGRESQL_GUARDS = (
    """
    CREATE FUNCTION trail_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'trail_entries is append-only'; END $$
    """,
    """
    CREATE TRIGGER trail_entries_no_change BEFORE UPDATE OR DELETE ON trail_entries
    FOR EACH ROW EXECUTE FUNCTION trail_entries_refuse()
    """,
    """
    CREATE TRIGGER trail_entries_no_truncate BEFORE TRUNCATE ON trail_entries
    FOR EACH STATEMENT EXECUTE FUNCTION trail_entries_refuse()
    """,
)


def upgrade() -> None:
    _create_tables()
    postgresql = op.get_bind().dialect.name == "postgresql"
    for guard in _POSTGRESQL_GUARDS if postgresql else _SQLITE_GUARDS:
        op.execute(guard)


def _create_tables() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("journey", sa.String(32), nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("identifier", name=op.f("uq_accounts_identifier")),
    )
    op.create_table(
        "identifier_series",
        sa.Column("stem_digest", sa.String(length=64), nullable=False),
        sa.Column("highest", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("stem_digest", name=op.f("pk_identifier_series")),
    )
    op.create_table(
        "offices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_fingerprint", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offices")),
    )
    op.create_table(
        "pupils",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ine", sa.String(length=11), nullable=True),
        sa.Column("family_name", sa.String(length=100), nullable=False),
        sa.Column("usage_name", sa.String(length=100), nullable=True),
        sa.Column("given_name", sa.String(length=100), nullable=False),
        sa.Column("family_key", sa.String(length=300), nullable=False),
        sa.Column("given_key", sa.String(length=300), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("source_birth_date", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pupils")),
    )
    op.create_index(op.f("ix_pupils_ine"), "pupils", ["ine"], unique=False)
    op.create_index("ix_pupils_names", "pupils", ["family_key", "given_key"], unique=False)
    op.create_table(
        "schools",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uai", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("city", sa.String(length=100), nullable=True),
        sa.Column("academy_code", sa.String(length=2), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schools")),
        sa.UniqueConstraint("uai", name=op.f("uq_schools_uai")),
    )
    op.create_index(op.f("ix_schools_academy_code"), "schools", ["academy_code"], unique=False)
    op.create_table(
        "trail_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operator", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("guardian_id", sa.Integer(), nullable=True),
        sa.Column("pupil_id", sa.Integer(), nullable=True),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("reason_digest", sa.String(length=64), nullable=True),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_entries")),
        sa.UniqueConstraint("chain", "sequence", name=op.f("uq_trail_entries_chain_sequence")),
    )
    op.create_index(
        op.f("ix_trail_entries_account_id"), "trail_entries", ["account_id"], unique=False
    )
    op.create_table(
        "trail_heads",
        sa.Column("chain", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_trail_heads")),
    )
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(32), nullable=False),
        sa.Column("operator", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_batches_school_id_schools")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index(op.f("ix_batches_school_id"), "batches", ["school_id"], unique=False)
    op.create_table(
        "guardians",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("civility", sa.String(32), nullable=True),
        sa.Column("family_name", sa.String(length=100), nullable=False),
        sa.Column("usage_name", sa.String(length=100), nullable=True),
        sa.Column("given_name", sa.String(length=100), nullable=False),
        sa.Column("family_key", sa.String(length=300), nullable=False),
        sa.Column("given_key", sa.String(length=300), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("mobile", sa.String(length=20), nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("postcode", sa.String(length=20), nullable=True),
        sa.Column("city", sa.String(length=100), nullable=True),
        sa.Column("country", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_guardians_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_guardians_school_id_schools")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardians")),
    )
    op.create_index(op.f("ix_guardians_account_id"), "guardians", ["account_id"], unique=False)
    op.create_index(op.f("ix_guardians_mobile"), "guardians", ["mobile"], unique=False)
    op.create_index(
        "ix_guardians_names", "guardians", ["family_key", "given_key", "email"], unique=False
    )
    op.create_index(
        "ix_guardians_school_names",
        "guardians",
        ["school_id", "family_key", "given_key"],
        unique=False,
    )
    op.create_table(
        "school_classes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_school_classes_school_id_schools")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_classes")),
        sa.UniqueConstraint("school_id", "label", name=op.f("uq_school_classes_school_id_label")),
    )
    op.create_table(
        "trail_reasons",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["trail_entries.id"], name=op.f("fk_trail_reasons_entry_id_trail_entries")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_trail_reasons")),
    )
    op.create_table(
        "batch_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_batch_files_batch_id_batches")
        ),
        sa.ForeignKeyConstraint(
            ["class_id"], ["school_classes.id"], name=op.f("fk_batch_files_class_id_school_classes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_files")),
        sa.UniqueConstraint("batch_id", "name", name=op.f("uq_batch_files_batch_id_name")),
    )
    op.create_index(op.f("ix_batch_files_state"), "batch_files", ["state"], unique=False)
    op.create_table(
        "enrolments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(length=20), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_id"], ["school_classes.id"], name=op.f("fk_enrolments_class_id_school_classes")
        ),
        sa.ForeignKeyConstraint(
            ["pupil_id"], ["pupils.id"], name=op.f("fk_enrolments_pupil_id_pupils")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_enrolments_school_id_schools")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolments")),
    )
    op.create_index("ix_enrolments_school", "enrolments", ["school_id", "class_id"], unique=False)
    op.create_index(
        "uq_enrolments_open",
        "enrolments",
        ["pupil_id", "school_id"],
        unique=True,
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_table(
        "guardianships",
        sa.Column("guardian_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("kinship", sa.String(length=2), nullable=True),
        sa.Column("legal", sa.Boolean(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardians.id"], name=op.f("fk_guardianships_guardian_id_guardians")
        ),
        sa.ForeignKeyConstraint(
            ["pupil_id"], ["pupils.id"], name=op.f("fk_guardianships_pupil_id_pupils")
        ),
        sa.PrimaryKeyConstraint("guardian_id", "pupil_id", name=op.f("pk_guardianships")),
    )
    op.create_index(op.f("ix_guardianships_pupil_id"), "guardianships", ["pupil_id"], unique=False)
    op.create_table(
        "review_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("guardian_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolution", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardians.id"], name=op.f("fk_review_items_guardian_id_guardians")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_review_items_school_id_schools")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_items")),
    )
    op.create_index(
        "uq_review_items_subject", "review_items", ["school_id", "subject"], unique=True
    )
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("guardian_id", sa.Integer(), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=False),
        sa.Column("former_state", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("password_hash", sa.LargeBinary(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_letters_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["carrier_id"], ["pupils.id"], name=op.f("fk_letters_carrier_id_pupils")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["batch_files.id"], name=op.f("fk_letters_file_id_batch_files")
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardians.id"], name=op.f("fk_letters_guardian_id_guardians")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_letters_school_id_schools")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("number", name=op.f("uq_letters_number")),
    )
    op.create_index(op.f("ix_letters_account_id"), "letters", ["account_id"], unique=False)
    op.create_index("ix_letters_file", "letters", ["file_id"], unique=False)
    op.create_index(op.f("ix_letters_school_id"), "letters", ["school_id"], unique=False)
    op.create_index(
        "uq_letters_live_account",
        "letters",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
