"""What devices taught about their holes and limits."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "learned",
        sa.Column("device_id", sa.Integer, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Integer, nullable=False),
        sa.Column("profile", sa.String(100), nullable=False),
        sa.Column("limits", sa.JSON, nullable=False),
        sa.Column("learned_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("device_id", name="pk_learned"),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name="fk_learned_device_id", ondelete="CASCADE"),
    )
