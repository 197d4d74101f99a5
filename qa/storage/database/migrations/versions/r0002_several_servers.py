"""What several servers agree on, in PostgreSQL only: the audit log, what is published, who holds a lock, visits.

A file needs none of it: servers that share one run on one machine, and agree by files and in memory.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

_TEXT = 'TEXT COLLATE "C"'
_KEPT = f"{_TEXT} NOT NULL"

_STATEMENTS = (
    # A restore begins a new volume: what was logged before stays.
    """
    CREATE TABLE audit_log (
        volume INTEGER NOT NULL, number INTEGER NOT NULL, line BYTEA NOT NULL, PRIMARY KEY (volume, number)
    )
    """,
    f"CREATE TABLE audit_end (id INTEGER PRIMARY KEY CHECK (id = 1), volume INTEGER NOT NULL, head {_KEPT})",
    f"CREATE TABLE audit_put_aside (name {_TEXT} PRIMARY KEY, head {_KEPT})",
    """
    CREATE FUNCTION refuse_to_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'Rows of % are only ever added', TG_TABLE_NAME;
    END $$
    """,
    *(
        f"CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change()"
        for table in ("audit_log", "audit_put_aside")
    ),
    # The last row is what is published now.
    f"""
    CREATE TABLE publications (
        number INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, snapshot {_KEPT}, manifest_sha256 {_KEPT},
        at {_KEPT}, who {_KEPT}
    )
    """,
    "CREATE INDEX publications_snapshot ON publications (snapshot)",
    # Snapshots in an object store, known once all of each is there; a name is never given twice.
    f"""
    CREATE TABLE stored_snapshots (
        name {_TEXT} PRIMARY KEY, manifest_sha256 {_KEPT}, stored_at {_KEPT}, dropped_at {_TEXT}
    )
    """,
    f"""
    CREATE TABLE snapshot_notes (
        name {_TEXT} PRIMARY KEY, content BYTEA NOT NULL, version INTEGER NOT NULL DEFAULT 1
    )
    """,
    # Who took a lock last; PostgreSQL itself knows whether the connection still holds it.
    f"""
    CREATE TABLE lock_holders (
        lock {_TEXT} PRIMARY KEY, backend INTEGER NOT NULL, who {_KEPT}, process INTEGER NOT NULL, since {_KEPT},
        doing {_KEPT}
    )
    """,
    # When the bucket of a visitor is full again. Keys are hashes under the secret: no address is ever written.
    # Not logged: after a crash of the database all may ask again.
    f"CREATE UNLOGGED TABLE visits (key {_TEXT} PRIMARY KEY, full_at DOUBLE PRECISION NOT NULL)",
    f"CREATE TABLE visit_secret (id INTEGER PRIMARY KEY CHECK (id = 1), secret {_KEPT})",
    "INSERT INTO visit_secret (id, secret) VALUES (1, gen_random_uuid()::text || gen_random_uuid()::text)",
    # The generic cell rate algorithm (ITU-T I.371), as qa.service.rate_limit counts in memory. Seconds until all keys
    # may come; 0 counts the visit for each. Locks are taken in one order, so that no two wait for each other.
    """
    CREATE FUNCTION take_turn(keys TEXT[], steps DOUBLE PRECISION[]) RETURNS DOUBLE PRECISION LANGUAGE plpgsql AS $$
    DECLARE
        lock INTEGER;
        moment DOUBLE PRECISION;
        longest DOUBLE PRECISION;
    BEGIN
        FOR lock IN SELECT DISTINCT hashtext(key) FROM unnest(keys) AS key ORDER BY 1 LOOP
            PERFORM pg_advisory_xact_lock(7860003, lock);
        END LOOP;
        moment = extract(epoch FROM clock_timestamp());
        SELECT max(greatest(coalesce(visits.full_at, moment), moment) - moment - (60 - asked.step)) INTO longest
            FROM unnest(keys, steps) AS asked (key, step) LEFT JOIN visits ON visits.key = asked.key;
        IF longest > 0.000001 THEN
            RETURN longest;
        END IF;
        INSERT INTO visits AS kept (key, full_at)
            SELECT asked.key, moment + asked.step FROM unnest(keys, steps) AS asked (key, step)
            ON CONFLICT (key) DO UPDATE SET full_at = greatest(kept.full_at, moment) + (excluded.full_at - moment);
        DELETE FROM visits WHERE key IN (
            SELECT key FROM visits WHERE full_at < moment LIMIT 20 FOR UPDATE SKIP LOCKED
        );
        RETURN 0;
    END $$
    """,
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in _STATEMENTS:
            op.execute(statement)
