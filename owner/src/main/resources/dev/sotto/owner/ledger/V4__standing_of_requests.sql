-- Approvals that were found to be over: a clock that goes back does not bring one back.
CREATE TABLE expired_approvals (
  decision INTEGER PRIMARY KEY REFERENCES decisions (number),
  at       TEXT NOT NULL
);
CREATE TRIGGER expired_approvals_never_change BEFORE UPDATE ON expired_approvals
BEGIN
  SELECT RAISE(ABORT, 'an approval that is over stays over');
END;
CREATE TRIGGER expired_approvals_never_go BEFORE DELETE ON expired_approvals
BEGIN
  SELECT RAISE(ABORT, 'an approval that is over stays over');
END;

-- Who approves what the policy allows, as the owner said it last. What the policy approved holds only while it may.
CREATE TABLE approval_rules (
  data_set TEXT PRIMARY KEY,
  rule     TEXT NOT NULL CHECK (rule IN ('ask', 'automatic'))
);

-- What lists say of a request, so that they read no package.
CREATE TABLE request_summaries (
  request TEXT PRIMARY KEY REFERENCES requests (id),
  project TEXT NOT NULL,
  rounds  INTEGER NOT NULL,
  epsilon REAL
);
