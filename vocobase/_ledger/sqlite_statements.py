"""The SQL of a ledger in SQLite."""

from vocobase._ledger.base import RETIRED

TABLES = """
CREATE TABLE entries (
    seq INTEGER PRIMARY KEY,
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    owner TEXT,
    claimed_at REAL,
    lease_until REAL,
    not_before REAL NOT NULL DEFAULT 0,
    result TEXT,
    UNIQUE (scope, key)
);
CREATE INDEX entries_by_state ON entries (scope, state, seq, not_before);
"""
# From schema 1 to 2, and for a new ledger after `TABLES`, so that both have the same form.
PRIORITIES = """
ALTER TABLE entries ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
CREATE INDEX entries_to_claim ON entries (scope, priority DESC, seq, not_before) WHERE state = 'waiting';
"""
# Schema 1 kept its bookmarks in `workers`. A worker of that version that is still running can change nothing:
# it does not know the current rules of the entries.
RETIRE_WORKERS = (
    "CREATE TABLE IF NOT EXISTS workers (worker TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID",
    f"CREATE TRIGGER workers_retired BEFORE INSERT ON workers BEGIN SELECT RAISE(ABORT, '{RETIRED}'); END",
)
# Also for ledgers of versions without an identity, so each statement leaves existing objects alone.
IDENTITY_TABLES = """
CREATE TABLE IF NOT EXISTS ledger (identity TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS bookmarks (worker TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
"""
IDENTITY = (
    "SELECT identity FROM ledger WHERE EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'entries_deleted')"
)
# The trigger ends with the table of entries: one that was dropped and created again has no identity.
NEW_IDENTITY = (
    "CREATE TRIGGER IF NOT EXISTS entries_deleted AFTER DELETE ON entries"
    " BEGIN UPDATE ledger SET identity = hex(randomblob(16)); END",
    "DELETE FROM ledger",
    "INSERT INTO ledger VALUES (hex(randomblob(16)))",
)
DISOWN = "UPDATE ledger SET identity = hex(randomblob(16)) WHERE identity = ?"
ADVANCE = "INSERT INTO bookmarks VALUES (?, 1) ON CONFLICT (worker) DO UPDATE SET number = number + 1"
IDENTITY_AND_BOOKMARK = f"SELECT ({IDENTITY}), coalesce((SELECT number FROM bookmarks WHERE worker = ?), 0)"  # noqa: S608 - constants
END = "DELETE FROM bookmarks WHERE worker = ?"

COLUMNS = "seq, key, payload, state, owner, claimed_at, not_before, result"
SELECT = f"SELECT {COLUMNS} FROM entries WHERE scope = :scope AND state = "  # noqa: S608 - constants
NO_OWNER = ", owner = NULL, claimed_at = NULL"
OWNED = "state = 'claimed' AND owner = :owner"
RECORD = """
INSERT INTO entries (scope, key, payload, state)
SELECT :scope, value, '{}', :state FROM json_each(:keys) WHERE true
ON CONFLICT (scope, key) DO UPDATE SET state = excluded.state WHERE state = 'waiting'
"""
# CROSS keeps the order: a look-up for each key, without a sorted copy of the keys. The plus sign keeps the
# state out of the choice of an index: that of the keys is the selective one.
FIND = """
SELECT entries.key FROM json_each(:keys) AS given CROSS JOIN entries
ON scope = :scope AND entries.key = given.value AND +state = :state
"""
