"""What the parents' portal needs: visits, links, codes, services, FranceConnect."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _extend_accounts()
    _create_visits()
    _create_links_and_codes()
    op.create_table(
        "services",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("code", sa.String(40), nullable=False, unique=True),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("first_level", sa.String(20), nullable=True),
        sa.Column("last_level", sa.String(20), nullable=True),
    )


def _extend_accounts() -> None:
    op.add_column("accounts", sa.Column("franceconnect_digest", sa.String(64), nullable=True))
    op.add_column("accounts", sa.Column("franceconnect_at", _MOMENT, nullable=True))
    linked = sa.text("franceconnect_digest IS NOT NULL AND ended_at IS NULL")
    op.create_index(
        "uq_accounts_franceconnect",
        "accounts",
        ["franceconnect_digest"],
        unique=True,
        sqlite_where=linked,
        postgresql_where=linked,
    )
    # Whoever comes back from the provider without an account may have had one.
    was_linked = sa.text("franceconnect_digest IS NOT NULL")
    op.create_index(
        "ix_accounts_franceconnect",
        "accounts",
        ["franceconnect_digest"],
        sqlite_where=was_linked,
        postgresql_where=was_linked,
    )


def _create_visits() -> None:
    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token_digest", sa.String(64), nullable=False, unique=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("accounts.id"), nullable=True),
        sa.Column("entry", sa.String(32), nullable=True),
        sa.Column("letter_id", sa.Integer(), sa.ForeignKey("letters.id"), nullable=True),
        sa.Column("began_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
    )
    op.create_index("ix_visits_account_id", "visits", ["account_id"])
    op.create_index("ix_visits_seen_at", "visits", ["seen_at"])


def _create_links_and_codes() -> None:
    op.create_table(
        "mail_links",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("token_digest", sa.String(64), nullable=False, unique=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("request_number", sa.String(16), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("end", sa.String(32), nullable=True),
    )
    op.create_index("ix_mail_links_account_id", "mail_links", ["account_id"])
    op.create_index("ix_mail_links_expires_at", "mail_links", ["expires_at"])
    op.create_table(
        "sms_codes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "visit_id",
            sa.Integer(),
            sa.ForeignKey("visits.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("code_digest", sa.String(64), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
    )
    op.create_index("ix_sms_codes_visit_id", "sms_codes", ["visit_id"])
