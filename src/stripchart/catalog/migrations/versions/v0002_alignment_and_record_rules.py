"""Devices may be polled at whole multiples of their interval, and have record rules of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("device", sa.Column("aligned", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("device", sa.Column("records", sa.JSON, nullable=False, server_default="{}"))
