"""What alembic runs: the connection is given, the transaction is the caller's."""

from alembic import context

from educonnect_admin.domain.metadata import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
context.run_migrations()
