"""PostgreSQL too refuses to change or remove what is only added to: the audit, and the record of writes."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ONLY_ADDED = """
CREATE FUNCTION only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_ARGV[0] || ' is only added to';
END
$$
"""
_AFTER_THE_LAST = """
CREATE FUNCTION after_the_last_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    SELECT id, hash INTO last FROM audit ORDER BY id DESC LIMIT 1;
    IF NEW.id <> coalesce(last.id, 0) + 1 OR NEW.previous <> coalesce(last.hash, repeat('0', 64)) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'the audit is only added to, after its last record';
    END IF;
    RETURN NEW;
END
$$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(_ONLY_ADDED)
    op.execute(_AFTER_THE_LAST)
    for table, called in (("audit", "the audit"), ("write_entry", "the record of writes")):
        refuses = f"EXECUTE FUNCTION only_added_to('{called}')"
        op.execute(f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuses}")
        op.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} {refuses}")
    op.execute(
        "CREATE TRIGGER audit_only_after_the_last BEFORE INSERT ON audit "
        "FOR EACH ROW EXECUTE FUNCTION after_the_last_audit()"
    )
