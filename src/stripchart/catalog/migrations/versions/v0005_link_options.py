"""Links have options; those that are not given are as usual."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("link", sa.Column("options", sa.JSON, nullable=False, server_default="{}"))
