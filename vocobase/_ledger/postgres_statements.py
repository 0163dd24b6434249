"""The SQL of a ledger in PostgreSQL."""

from vocobase._ledger.base import RETIRED

TABLES = """
CREATE TABLE vocobase_ledger_schema (version integer NOT NULL);
CREATE TABLE vocobase_ledger (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope text NOT NULL,
    key text NOT NULL,
    payload text NOT NULL,
    state text NOT NULL DEFAULT 'waiting',
    owner text,
    claimed_at double precision,
    lease_until double precision,
    not_before double precision NOT NULL DEFAULT 0,
    result text,
    UNIQUE (scope, key)
);
CREATE INDEX vocobase_ledger_by_state ON vocobase_ledger (scope, state, seq) INCLUDE (not_before);
INSERT INTO vocobase_ledger_schema VALUES (0);
"""
# From schema 1 to 2, and for a new ledger after `TABLES`, so that both have the same form.
PRIORITIES = """
ALTER TABLE vocobase_ledger ADD COLUMN priority smallint NOT NULL DEFAULT 0;
CREATE INDEX vocobase_ledger_to_claim ON vocobase_ledger (scope, priority DESC, seq) INCLUDE (not_before)
    WHERE state = 'waiting';
UPDATE vocobase_ledger_schema SET version = 2;
"""
# Schema 1 kept its bookmarks in `vocobase_ledger_workers`. A worker of that version that is still running can
# change nothing: it does not know the current rules of the entries.
RETIRE_WORKERS = f"""
CREATE TABLE IF NOT EXISTS vocobase_ledger_workers (worker text PRIMARY KEY, number bigint NOT NULL);
CREATE FUNCTION vocobase_ledger_retired() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{RETIRED}';
END $$;
CREATE TRIGGER vocobase_ledger_retired BEFORE INSERT ON vocobase_ledger_workers
    FOR EACH ROW EXECUTE FUNCTION vocobase_ledger_retired();
"""
# Also for ledgers of versions without an identity.
_HAS_TABLES = """
SELECT to_regclass('vocobase_ledger_identity') IS NOT NULL
    AND to_regclass('vocobase_ledger_bookmarks') IS NOT NULL
"""
_TABLES = """
CREATE TABLE IF NOT EXISTS vocobase_ledger_identity (identity text NOT NULL);
CREATE TABLE IF NOT EXISTS vocobase_ledger_bookmarks (worker text PRIMARY KEY, number bigint NOT NULL);
"""
_IS_GUARDED = """
SELECT EXISTS (SELECT 1 FROM vocobase_ledger_identity) AND 2 = (
    SELECT count(*) FROM pg_trigger WHERE tgrelid = 'vocobase_ledger'::regclass
    AND tgname IN ('vocobase_ledger_deleted', 'vocobase_ledger_truncated')
)
"""
# The function names the schema, because another session may have another search path.
_GUARD = """
CREATE OR REPLACE FUNCTION vocobase_ledger_disown() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT 1 FROM deleted) THEN RETURN NULL; END IF;
    END IF;
    EXECUTE format(
        'UPDATE %I.vocobase_ledger_identity SET identity = gen_random_uuid()::text', TG_TABLE_SCHEMA
    );
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS vocobase_ledger_truncated ON vocobase_ledger;
DROP TRIGGER IF EXISTS vocobase_ledger_deleted ON vocobase_ledger;
CREATE TRIGGER vocobase_ledger_truncated AFTER TRUNCATE ON vocobase_ledger
    FOR EACH STATEMENT EXECUTE FUNCTION vocobase_ledger_disown();
CREATE TRIGGER vocobase_ledger_deleted AFTER DELETE ON vocobase_ledger REFERENCING OLD TABLE AS deleted
    FOR EACH STATEMENT EXECUTE FUNCTION vocobase_ledger_disown();
DELETE FROM vocobase_ledger_identity;
INSERT INTO vocobase_ledger_identity VALUES (gen_random_uuid()::text);
"""
# Queries that return whether a step was taken, and the steps.
IDENTITY_STEPS = ((_HAS_TABLES, _TABLES), (_IS_GUARDED, _GUARD))
# With the number of the table: one that was restored alone is another one.
_IDENTITY = "(SELECT min(identity) || ':' || 'vocobase_ledger'::regclass::oid FROM vocobase_ledger_identity)"
IDENTITY = f"SELECT {_IDENTITY}"
BOOKMARK = f"SELECT {_IDENTITY}, (SELECT number FROM vocobase_ledger_bookmarks WHERE worker = %(worker)s)"  # noqa: S608
ADVANCE = f"""
INSERT INTO vocobase_ledger_bookmarks VALUES (%(worker)s, 1)
ON CONFLICT (worker) DO UPDATE SET number = vocobase_ledger_bookmarks.number + 1
RETURNING {_IDENTITY}, number
"""  # noqa: S608 - constants
DISOWN = """
UPDATE vocobase_ledger_identity SET identity = gen_random_uuid()::text
WHERE identity = split_part(%(identity)s, ':', 1)
"""
END = "DELETE FROM vocobase_ledger_bookmarks WHERE worker = %(worker)s"

NOW = "extract(epoch FROM clock_timestamp())::double precision"
COLUMNS = "key, payload, state, owner, claimed_at, not_before, result"

LOCK = "SELECT pg_advisory_xact_lock(%s, hashtext(%s))"
ENTER = """
INSERT INTO vocobase_ledger (scope, key, payload, priority)
SELECT %(scope)s, key, payload, priority
FROM unnest(%(keys)s::text[], %(payloads)s::text[], %(priorities)s::smallint[])
    WITH ORDINALITY AS given (key, payload, priority, number)
ORDER BY number
ON CONFLICT DO NOTHING
"""
# SKIP LOCKED: two workers take different entries instead of waiting for each other.
TAKE = f"""
WITH clock AS MATERIALIZED (SELECT {NOW} AS now),
picked AS (
    SELECT seq FROM vocobase_ledger, clock WHERE scope = %(scope)s AND {{condition}} {{{{one}}}}
    ORDER BY {{order}} LIMIT %(limit)s FOR UPDATE OF vocobase_ledger SKIP LOCKED
),
taken AS (
    UPDATE vocobase_ledger SET {{change}}, owner = %(owner)s, lease_until = clock.now + %(lease)s
    FROM picked, clock WHERE vocobase_ledger.seq = picked.seq RETURNING vocobase_ledger.*
)
SELECT {COLUMNS} FROM taken ORDER BY {{order}}
"""  # noqa: S608 - constants
CLAIM = TAKE.format(
    condition="state = 'waiting' AND not_before <= clock.now",
    change="state = 'claimed', claimed_at = clock.now",
    order="priority DESC, seq",
)
TAKE_OVER = TAKE.format(
    condition="state = 'claimed' AND lease_until <= clock.now", change="state = 'claimed'", order="seq"
)
# In the order of numbers: two workers that change the same entries in different order would deadlock.
CHANGE = """
WITH found AS MATERIALIZED (
    SELECT seq FROM vocobase_ledger WHERE scope = %(scope)s AND key = ANY(%(keys)s) AND {condition}
    ORDER BY seq FOR UPDATE
)
UPDATE vocobase_ledger SET {change} FROM found WHERE vocobase_ledger.seq = found.seq RETURNING key
"""
RENEW = f"lease_until = {NOW} + %(lease)s"
_MOVE = (
    "state = %(state)s, not_before = %(not_before)s,"
    " owner = CASE %(state)s WHEN 'waiting' THEN NULL ELSE owner END,"
    " claimed_at = CASE %(state)s WHEN 'waiting' THEN NULL ELSE claimed_at END"
)
SETTLE = f"{_MOVE}, lease_until = NULL, result = %(result)s"
OWNED = "state = 'claimed' AND owner = %(owner)s"
REVISE = f"{_MOVE}, result = coalesce(%(result)s, result)"
RECORD = """
INSERT INTO vocobase_ledger (scope, key, payload, state)
SELECT DISTINCT %(scope)s, key, '{}', %(state)s FROM unnest(%(keys)s::text[]) AS given (key)
ON CONFLICT (scope, key) DO UPDATE SET state = excluded.state WHERE vocobase_ledger.state = 'waiting'
"""
FIND = """
SELECT key FROM vocobase_ledger WHERE scope = %(scope)s AND key = ANY(%(keys)s) AND state = %(state)s
"""
