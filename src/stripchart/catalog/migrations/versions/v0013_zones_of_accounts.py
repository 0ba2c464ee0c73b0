"""Accounts have no time zone until one is chosen. Until now all began with UTC, which was never looked at."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE account SET zone = '' WHERE zone = 'UTC'")
