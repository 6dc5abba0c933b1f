-- What coordinators ask of the owner's data. A request never changes: what is asked otherwise is another one.
CREATE TABLE requests (
  number      INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  arrived     TEXT NOT NULL,
  coordinator TEXT NOT NULL,
  session     TEXT NOT NULL,
  authority   TEXT NOT NULL,
  client      TEXT NOT NULL,
  data_set    TEXT NOT NULL,
  data_state  BLOB NOT NULL,
  package     TEXT NOT NULL,
  clients     INTEGER NOT NULL
);
CREATE INDEX requests_of_sessions ON requests (coordinator, session);
CREATE TRIGGER requests_never_change BEFORE UPDATE ON requests
BEGIN
  SELECT RAISE(ABORT, 'requests never change');
END;
CREATE TRIGGER requests_never_go BEFORE DELETE ON requests
BEGIN
  SELECT RAISE(ABORT, 'requests are never removed');
END;

-- What the owner decided, each signed with the owner's key over the request, the decision and the link before it.
CREATE TABLE decisions (
  number    INTEGER PRIMARY KEY,
  at        TEXT NOT NULL,
  kind      TEXT NOT NULL CHECK (kind IN ('approved', 'rejected', 'revoked')),
  request   TEXT NOT NULL REFERENCES requests (id),
  automatic INTEGER NOT NULL CHECK (automatic IN (0, 1)),
  rounds    INTEGER,
  epsilon   REAL,
  expires   TEXT,
  reason    TEXT NOT NULL,
  signer    BLOB NOT NULL,
  signature BLOB NOT NULL,
  hash      BLOB NOT NULL UNIQUE
);
CREATE INDEX decisions_of_requests ON decisions (request);
CREATE TRIGGER decisions_never_change BEFORE UPDATE ON decisions
BEGIN
  SELECT RAISE(ABORT, 'decisions never change: a new one takes the place of one before');
END;
CREATE TRIGGER decisions_never_go BEFORE DELETE ON decisions
BEGIN
  SELECT RAISE(ABORT, 'decisions are never removed');
END;
