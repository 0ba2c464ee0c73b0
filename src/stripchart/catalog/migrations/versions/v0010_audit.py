"""The audit: who did what, each record chained to the one before."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ONLY_ADDED = "BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END"
_AFTER_THE_LAST = (
    "WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM audit) "
    "OR NEW.previous IS NOT coalesce((SELECT hash FROM audit ORDER BY id DESC LIMIT 1), printf('%064d', 0)) "
    "BEGIN SELECT RAISE(ABORT, 'the audit is only added to, after its last record'); END"
)


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("who", "origin", "via")),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("subject", "subject_id", "changes")),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sa.UniqueConstraint("previous", name="uq_audit_previous"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_at_ms", "audit", ["at_ms"])
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute(f"CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit {_ONLY_ADDED}")
    op.execute(f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit {_ONLY_ADDED}")
    op.execute(f"CREATE TRIGGER audit_only_after_the_last BEFORE INSERT ON audit {_AFTER_THE_LAST}")
