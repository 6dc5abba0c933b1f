-- SQLite and PostgreSQL both run this. Digests are SHA-256 in hexadecimal, times are milliseconds since 1970.

-- One row: whose database it is.
CREATE TABLE coordinator (
    id      TEXT PRIMARY KEY,
    created BIGINT NOT NULL
);

-- Each line's hash covers the line before it, so that no line can be changed, left out or put in unnoticed.
CREATE TABLE audit (
    number   BIGINT PRIMARY KEY,
    millis   BIGINT NOT NULL,
    actor    TEXT   NOT NULL,
    action   TEXT   NOT NULL,
    subject  TEXT   NOT NULL,
    detail   TEXT   NOT NULL,
    previous TEXT   NOT NULL,
    hash     TEXT   NOT NULL
);

CREATE TABLE clients (
    id          TEXT PRIMARY KEY,
    serial      TEXT   NOT NULL UNIQUE,
    certificate TEXT   NOT NULL,
    expires     BIGINT NOT NULL,
    signing_key TEXT   NOT NULL,
    enrolled    BIGINT NOT NULL,
    seen        BIGINT,
    version     TEXT   NOT NULL DEFAULT '',
    revoked     BIGINT,
    reason      TEXT   NOT NULL DEFAULT ''
);

-- Of tokens only digests are kept.
CREATE TABLE join_tokens (
    secret  TEXT PRIMARY KEY,
    client  TEXT,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    used    BIGINT,
    used_by TEXT
);

CREATE TABLE access_tokens (
    secret  TEXT PRIMARY KEY,
    name    TEXT   NOT NULL,
    role    TEXT   NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    revoked BIGINT
);
CREATE UNIQUE INDEX access_tokens_name ON access_tokens (name) WHERE revoked IS NULL;

-- session refers to sessions, which are made after it and refer to it.
CREATE TABLE models (
    id       BIGINT PRIMARY KEY,
    sha256   TEXT    NOT NULL,
    parent   BIGINT REFERENCES models (id),
    session  TEXT,
    round    INTEGER NOT NULL,
    size     BIGINT  NOT NULL,
    accuracy DOUBLE PRECISION,
    origin   TEXT    NOT NULL CHECK (origin IN ('seed', 'round', 'import')),
    created  BIGINT  NOT NULL,
    CHECK ((session IS NOT NULL) = (origin = 'round')),
    CHECK (parent < id)
);
CREATE INDEX models_sha256 ON models (sha256);
CREATE INDEX models_parent ON models (parent);
CREATE UNIQUE INDEX models_round ON models (session, round) WHERE session IS NOT NULL;
CREATE UNIQUE INDEX models_given ON models (sha256) WHERE session IS NULL;

CREATE TABLE sessions (
    id       TEXT PRIMARY KEY,
    name     TEXT   NOT NULL,
    package  TEXT   NOT NULL,
    settings TEXT   NOT NULL,
    rounds   INTEGER NOT NULL,
    initial  BIGINT NOT NULL REFERENCES models (id),
    state    TEXT   NOT NULL CHECK
        (state IN ('gathering', 'running', 'stopping', 'completed', 'budget', 'stopped', 'failed')),
    reason   TEXT   NOT NULL DEFAULT '',
    seed     BIGINT,
    standing TEXT   NOT NULL DEFAULT '',
    result   TEXT   NOT NULL DEFAULT '',
    created  BIGINT NOT NULL,
    ended    BIGINT,
    CHECK ((ended IS NULL) = (state IN ('gathering', 'running', 'stopping')))
);

CREATE TABLE participants (
    session  TEXT NOT NULL REFERENCES sessions (id),
    client   TEXT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('accepted', 'refused', 'pending')),
    reason   TEXT NOT NULL,
    PRIMARY KEY (session, client)
);

-- Fixed when a session begins to run.
CREATE TABLE roster (
    session  TEXT    NOT NULL REFERENCES sessions (id),
    client   TEXT    NOT NULL,
    examples INTEGER NOT NULL,
    held_out INTEGER,
    epsilon  DOUBLE PRECISION,
    delta    DOUBLE PRECISION,
    seeded   INTEGER NOT NULL,
    PRIMARY KEY (session, client)
);

-- Who runs a session. A new epoch shuts out whoever ran it before.
CREATE TABLE leases (
    session TEXT PRIMARY KEY REFERENCES sessions (id),
    owner   TEXT   NOT NULL,
    epoch   BIGINT NOT NULL,
    expires BIGINT NOT NULL
);

-- A round is begun, again after each interruption, and then committed. The cohort is empty where it is a secret.
CREATE TABLE round_attempts (
    session TEXT    NOT NULL REFERENCES sessions (id),
    round   INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    cohort  TEXT    NOT NULL,
    begun   BIGINT  NOT NULL,
    PRIMARY KEY (session, round, attempt)
);

CREATE TABLE rounds (
    session   TEXT    NOT NULL REFERENCES sessions (id),
    round     INTEGER NOT NULL,
    record    TEXT    NOT NULL,
    model     BIGINT  NOT NULL REFERENCES models (id),
    committed BIGINT  NOT NULL,
    PRIMARY KEY (session, round)
);

-- The secret state after the last committed round; its bytes are a file named by epoch and digest.
CREATE TABLE states (
    session TEXT PRIMARY KEY REFERENCES sessions (id),
    round   INTEGER NOT NULL,
    epoch   BIGINT  NOT NULL,
    sha256  TEXT    NOT NULL
);

CREATE TABLE events (
    session TEXT   NOT NULL REFERENCES sessions (id),
    number  BIGINT NOT NULL,
    millis  BIGINT NOT NULL,
    kind    TEXT   NOT NULL,
    text    TEXT   NOT NULL,
    PRIMARY KEY (session, number)
);

CREATE TABLE client_logs (
    session TEXT   NOT NULL REFERENCES sessions (id),
    client  TEXT   NOT NULL,
    number  BIGINT NOT NULL,
    millis  BIGINT NOT NULL,
    line    TEXT   NOT NULL,
    PRIMARY KEY (session, client, number)
);
