"""The audit: who did what. SQLite itself sees to it that records are only added, each after the last."""

from sqlalchemy import DDL, BigInteger, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from stripchart.catalog.tables import NEVER_AGAIN, Base


class AuditRow(Base):
    """`changes` is JSON with sorted keys and without spaces. `hash` is the SHA-256 of the rest, `previous` included.

    `previous` is the hash of the record before, 64 zeros for the first. Ids are 1, 2, 3 and so on without a gap.
    """

    __tablename__ = "audit"
    __table_args__ = (NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    at_ms: Mapped[int] = mapped_column(BigInteger, index=True)
    who: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    via: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[str] = mapped_column(Text)
    changes: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64))


GUARDS = (
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END",
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END",
    "CREATE TRIGGER audit_only_after_the_last BEFORE INSERT ON audit "
    "WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM audit) "
    "OR NEW.previous IS NOT coalesce((SELECT hash FROM audit ORDER BY id DESC LIMIT 1), printf('%064d', 0)) "
    "BEGIN SELECT RAISE(ABORT, 'the audit is only added to, after its last record'); END",
)
"""An INSERT OR REPLACE deletes without asking the trigger that forbids it: so the third looks at each insertion."""

for guard in GUARDS:
    trigger = DDL(guard.replace("%", "%%"))  # type: ignore[no-untyped-call]
    event.listen(AuditRow.__table__, "after_create", trigger.execute_if(dialect="sqlite"))
