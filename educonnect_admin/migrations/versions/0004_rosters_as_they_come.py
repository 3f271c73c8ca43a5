"""The numbers of the schools' own software, answers to questions, accounts of leavers."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("enrolments", sa.Column("source_id", sa.String(40), nullable=True))
    op.add_column("guardians", sa.Column("source_id", sa.String(40), nullable=True))
    # What was closed before this version was closed by somebody.
    op.add_column(
        "accounts",
        sa.Column("closed_without_child", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("review_items", sa.Column("answer_id", sa.Integer(), nullable=True))
    # Spelt out: alembic adds a foreign key apart, which SQLite can't.
    op.execute(
        "ALTER TABLE review_items ADD COLUMN other_guardian_id INTEGER"
        " CONSTRAINT fk_review_items_other_guardian_id_guardians REFERENCES guardians (id)"
    )
    # Who may be one person is looked for by given name and place, and by street.
    op.drop_index("ix_guardians_given", "guardians")
    op.create_index("ix_guardians_given", "guardians", ["given_key", "postcode", "family_key"])
    op.create_index("ix_guardians_street", "guardians", [sa.text("lower(street)")])
    op.create_table(
        "last_imports",
        sa.Column("school_id", sa.Integer(), sa.ForeignKey("schools.id"), primary_key=True),
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("basis", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
    )
