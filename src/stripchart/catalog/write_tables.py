"""The record of what operators had devices do."""

from sqlalchemy import DDL, BigInteger, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from stripchart.catalog.tables import NEVER_AGAIN, Base


class WriteEntryRow(Base):
    """One line of the record; lines are only ever added.

    An order makes two: `body` of the first says what is asked, that of the second, whose `order_id` is the id of the
    first, how it ended. `body` is JSON with sorted keys and without spaces, in the very form that it was added in, so
    that a chain of hashes can be laid over the lines. It names everything by its name of that day: device and
    operator may be gone when somebody reads it.
    """

    __tablename__ = "write_entry"
    __table_args__ = (NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int | None] = mapped_column(index=True)
    device_id: Mapped[int] = mapped_column(index=True)
    at_ms: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[str] = mapped_column(Text)


for change in ("UPDATE", "DELETE"):
    trigger = DDL(  # type: ignore[no-untyped-call]
        f"CREATE TRIGGER write_entry_no_{change.lower()} BEFORE {change} ON write_entry "
        "BEGIN SELECT RAISE(ABORT, 'the record of writes is only added to'); END"
    )
    event.listen(WriteEntryRow.__table__, "after_create", trigger.execute_if(dialect="sqlite"))
