-- The record of what was done to the owner's data. Lines are chained by their hashes and never change.
CREATE TABLE lines (
  number      INTEGER PRIMARY KEY,
  at          TEXT NOT NULL,
  kind        TEXT NOT NULL CHECK (kind IN ('declared', 'limited', 'order', 'reserved', 'committed')),
  data_set    TEXT NOT NULL,
  coordinator TEXT NOT NULL,
  session     TEXT NOT NULL,
  reservation INTEGER NOT NULL,
  event       TEXT NOT NULL,
  detail      TEXT NOT NULL,
  hash        BLOB NOT NULL UNIQUE
);
CREATE INDEX lines_of_data_sets ON lines (data_set, kind);
CREATE INDEX lines_of_sessions ON lines (coordinator, session);
CREATE INDEX lines_of_kinds ON lines (kind);
CREATE TRIGGER lines_never_change BEFORE UPDATE ON lines
BEGIN
  SELECT RAISE(ABORT, 'the ledger is append-only: its lines never change');
END;
CREATE TRIGGER lines_never_go BEFORE DELETE ON lines
BEGIN
  SELECT RAISE(ABORT, 'the ledger is append-only: its lines are never removed');
END;

-- Sessions that the owner took part in, with the terms they were accepted under.
CREATE TABLE sessions (
  coordinator TEXT NOT NULL,
  session     TEXT NOT NULL,
  data_set    TEXT NOT NULL,
  terms       TEXT NOT NULL,
  accepted_at TEXT NOT NULL,
  PRIMARY KEY (coordinator, session)
);
CREATE TRIGGER sessions_never_change BEFORE UPDATE ON sessions
BEGIN
  SELECT RAISE(ABORT, 'the terms of a session never change');
END;
CREATE TRIGGER sessions_never_go BEFORE DELETE ON sessions
BEGIN
  SELECT RAISE(ABORT, 'the terms of a session are never removed');
END;

-- For how many clients a session is planned; settled once all have answered.
CREATE TABLE populations (
  coordinator TEXT NOT NULL,
  session     TEXT NOT NULL,
  clients     INTEGER NOT NULL,
  PRIMARY KEY (coordinator, session)
);

CREATE TABLE endings (
  coordinator TEXT NOT NULL,
  session     TEXT NOT NULL,
  at          TEXT NOT NULL,
  ending      TEXT NOT NULL,
  PRIMARY KEY (coordinator, session)
);

-- What left, or is about to: bytes lie in files beside, and are sent again as they are.
CREATE TABLE releases (
  number      INTEGER PRIMARY KEY,
  at          TEXT NOT NULL,
  coordinator TEXT NOT NULL,
  session     TEXT NOT NULL,
  round       INTEGER NOT NULL,
  model       BLOB NOT NULL,
  vector      TEXT NOT NULL,
  sha256      BLOB NOT NULL,
  bytes       INTEGER NOT NULL,
  examples    INTEGER NOT NULL,
  steps       INTEGER NOT NULL,
  epsilon     REAL,
  metrics     TEXT NOT NULL,
  steps_taken INTEGER NOT NULL,
  state       TEXT NOT NULL,
  UNIQUE (coordinator, session, round)
);
CREATE TRIGGER releases_never_change BEFORE UPDATE ON releases
BEGIN
  SELECT RAISE(ABORT, 'what was released never changes');
END;
CREATE TRIGGER releases_never_go BEFORE DELETE ON releases
BEGIN
  SELECT RAISE(ABORT, 'what was released is never forgotten');
END;

CREATE TABLE evaluations (
  number      INTEGER PRIMARY KEY,
  at          TEXT NOT NULL,
  coordinator TEXT NOT NULL,
  session     TEXT NOT NULL,
  round       INTEGER NOT NULL,
  model       BLOB NOT NULL,
  loss_sum    REAL,
  correct     INTEGER NOT NULL,
  examples    INTEGER NOT NULL,
  epsilon     REAL,
  UNIQUE (coordinator, session, round)
);
CREATE TRIGGER evaluations_never_change BEFORE UPDATE ON evaluations
BEGIN
  SELECT RAISE(ABORT, 'what was released never changes');
END;
CREATE TRIGGER evaluations_never_go BEFORE DELETE ON evaluations
BEGIN
  SELECT RAISE(ABORT, 'what was released is never forgotten');
END;

-- What data looked like, under a key that stays here: only to notice that it changed.
CREATE TABLE fingerprints (
  data_set TEXT NOT NULL,
  at       TEXT NOT NULL,
  value    BLOB NOT NULL
);
CREATE TABLE fingerprint_key (
  one   INTEGER PRIMARY KEY CHECK (one = 1),
  value BLOB NOT NULL
);
