"""The first migrations of the service's database as a file, step by step, from before there was another engine."""

# A migration's number is its place in this list, which is closed: what comes next is a revision of Alembic for both
# engines, in `qa/storage/database/migrations/versions`, named in `qa.storage.database.upgrading`.
MIGRATIONS = (
    """
    CREATE TABLE replies (
        id TEXT PRIMARY KEY,
        asked_at TEXT NOT NULL,
        channel TEXT NOT NULL,
        question TEXT NOT NULL,
        status TEXT NOT NULL,
        reason TEXT,
        snapshot TEXT NOT NULL,
        reply TEXT NOT NULL,
        documents TEXT NOT NULL,
        elapsed_ms REAL NOT NULL,
        shared_at TEXT,
        verdict TEXT,
        verdict_reasons TEXT NOT NULL DEFAULT '[]',
        comment TEXT NOT NULL DEFAULT '',
        judged_at TEXT
    );
    CREATE INDEX replies_asked_at ON replies (asked_at);
    CREATE TABLE switches (name TEXT PRIMARY KEY, value TEXT NOT NULL, changed_at TEXT NOT NULL);
    """,
    """
    CREATE TABLE accounts (
        name TEXT PRIMARY KEY,
        role TEXT NOT NULL,
        password TEXT NOT NULL,
        created_at TEXT NOT NULL,
        changed_at TEXT NOT NULL
    );
    CREATE TABLE sessions (
        token_hash TEXT PRIMARY KEY,
        account TEXT NOT NULL,
        created_at TEXT NOT NULL,
        seen_at TEXT NOT NULL
    );
    CREATE INDEX sessions_account ON sessions (account);
    CREATE TABLE sign_in_failures (id INTEGER PRIMARY KEY, key TEXT NOT NULL, at TEXT NOT NULL);
    CREATE INDEX sign_in_failures_key ON sign_in_failures (key, at);
    ALTER TABLE switches ADD COLUMN changed_by TEXT NOT NULL DEFAULT '';
    CREATE TABLE withdrawals (
        document TEXT PRIMARY KEY,
        file_sha256 TEXT NOT NULL,
        at TEXT NOT NULL,
        who TEXT NOT NULL,
        why TEXT NOT NULL
    );
    """,
    """
    ALTER TABLE replies ADD COLUMN made_by TEXT NOT NULL DEFAULT 'quoted';
    ALTER TABLE replies ADD COLUMN searched TEXT NOT NULL DEFAULT '';
    UPDATE replies SET searched = lower(question);
    CREATE INDEX replies_status ON replies (status, asked_at);
    CREATE INDEX replies_verdict ON replies (verdict, asked_at);
    CREATE INDEX replies_searched ON replies (asked_at, searched, status, verdict, made_by, reason, elapsed_ms);
    CREATE TABLE todo (
        id INTEGER PRIMARY KEY,
        question TEXT NOT NULL,
        model TEXT NOT NULL,
        vector BLOB NOT NULL,
        state TEXT NOT NULL DEFAULT 'open',
        assignee TEXT NOT NULL DEFAULT '',
        note TEXT NOT NULL DEFAULT '',
        document TEXT NOT NULL DEFAULT '',
        why_done TEXT NOT NULL DEFAULT '',
        reviewed INTEGER,
        golden TEXT,
        done_at TEXT,
        version INTEGER NOT NULL DEFAULT 1,
        changed_by TEXT NOT NULL DEFAULT '',
        changed_at TEXT NOT NULL
    );
    CREATE TABLE todo_questions (reply TEXT PRIMARY KEY, todo INTEGER NOT NULL);
    CREATE INDEX todo_questions_todo ON todo_questions (todo);
    CREATE TABLE reviewed (
        id INTEGER PRIMARY KEY,
        questions TEXT NOT NULL,
        text TEXT NOT NULL,
        owner TEXT NOT NULL,
        expires_on TEXT NOT NULL,
        document TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        snapshot TEXT NOT NULL,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        words TEXT NOT NULL,
        state TEXT NOT NULL,
        approved_by TEXT NOT NULL DEFAULT '',
        version INTEGER NOT NULL DEFAULT 1,
        changed_by TEXT NOT NULL,
        changed_at TEXT NOT NULL
    );
    """,
    """
    CREATE TABLE audit_witness (id INTEGER PRIMARY KEY CHECK (id = 1), rows INTEGER NOT NULL, last TEXT NOT NULL);
    """,
    # What a link was named before is the id that the asker judges by, too: such a link goes on to open, no more.
    """
    ALTER TABLE replies ADD COLUMN shared_as TEXT;
    UPDATE replies SET shared_as = id WHERE shared_at IS NOT NULL;
    CREATE UNIQUE INDEX replies_shared_as ON replies (shared_as);
    """,
    # A change of what citizens see waits in `draft`; `author` wrote what waits, or what was approved last.
    """
    ALTER TABLE reviewed ADD COLUMN draft TEXT NOT NULL DEFAULT '';
    ALTER TABLE reviewed ADD COLUMN author TEXT NOT NULL DEFAULT '';
    UPDATE reviewed SET author = changed_by WHERE state = 'draft';
    """,
    # All who wrote since the last approval, not only the last of them; what waits in a draft carries its own.
    """
    ALTER TABLE reviewed ADD COLUMN authors TEXT NOT NULL DEFAULT '[]';
    UPDATE reviewed SET authors = '' || json_array(author) WHERE author <> '';
    UPDATE reviewed SET draft = json_set(draft, '$.authors', authors) WHERE draft <> '';
    ALTER TABLE reviewed DROP COLUMN author;
    CREATE TABLE golden_proposals (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        golden TEXT NOT NULL,
        before TEXT NOT NULL DEFAULT '',
        after TEXT NOT NULL DEFAULT '',
        why TEXT NOT NULL DEFAULT '',
        authors TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting',
        decided_by TEXT NOT NULL DEFAULT '',
        decided_why TEXT NOT NULL DEFAULT '',
        version INTEGER NOT NULL DEFAULT 1,
        changed_by TEXT NOT NULL,
        changed_at TEXT NOT NULL
    );
    CREATE UNIQUE INDEX golden_proposals_waiting ON golden_proposals (golden) WHERE state = 'waiting';
    """,
    # A question that a proxy sends again carries the same request, and is one row.
    """
    ALTER TABLE replies ADD COLUMN request TEXT;
    CREATE UNIQUE INDEX replies_request ON replies (request, question) WHERE request IS NOT NULL;
    """,
    # The second step of signing in: a secret that an app makes codes of, recovery codes as hashes, and who has shown
    # the password and is asked for a code.
    """
    ALTER TABLE accounts ADD COLUMN signed_in_at TEXT NOT NULL DEFAULT '';
    CREATE TABLE second_steps (
        account TEXT PRIMARY KEY,
        secret TEXT NOT NULL,
        begun_at TEXT NOT NULL,
        confirmed_at TEXT NOT NULL DEFAULT '',
        last_counter INTEGER NOT NULL DEFAULT 0,
        recovery TEXT NOT NULL DEFAULT '[]'
    );
    CREATE TABLE second_step_waits (token_hash TEXT PRIMARY KEY, account TEXT NOT NULL, created_at TEXT NOT NULL);
    """,
    # Single sign-on: who the provider says that an account's member is, and who is on the way to the provider and back.
    """
    CREATE TABLE identities (
        account TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        issuer TEXT NOT NULL DEFAULT '',
        subject TEXT NOT NULL DEFAULT '',
        made INTEGER NOT NULL DEFAULT 0
    );
    CREATE UNIQUE INDEX identities_subject ON identities (issuer, subject) WHERE subject <> '';
    CREATE TABLE sign_on_waits (
        token_hash TEXT PRIMARY KEY,
        state_hash TEXT NOT NULL,
        nonce TEXT NOT NULL,
        verifier TEXT NOT NULL,
        back TEXT NOT NULL,
        earlier TEXT NOT NULL,
        network TEXT NOT NULL,
        created_at TEXT NOT NULL
    );
    ALTER TABLE sessions ADD COLUMN signed_on INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE second_step_waits ADD COLUMN signed_on INTEGER NOT NULL DEFAULT 0;
    """,
)
