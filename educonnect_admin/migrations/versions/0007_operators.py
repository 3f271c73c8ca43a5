"""Operators, their role and how far they see (R-65)."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "operators",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(63), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("everything", sa.Boolean(), nullable=False),
        sa.Column("academy_code", sa.String(2), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_operators"),
        sa.UniqueConstraint("name", name="uq_operators_name"),
    )
    op.create_table(
        "operator_schools",
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name="fk_operator_schools_operator_id_operators"
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name="fk_operator_schools_school_id_schools"
        ),
        sa.PrimaryKeyConstraint("operator_id", "school_id", name="pk_operator_schools"),
    )
