"""Run by Alembic: the steps go through the connection, and the transaction, that the store hands over."""

from alembic import context

from agent.store.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
