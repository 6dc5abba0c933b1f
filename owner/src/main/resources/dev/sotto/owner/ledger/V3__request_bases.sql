-- What a request was worked out from besides its package, so that it can be looked at without the data being read.
CREATE TABLE request_bases (
  request  TEXT PRIMARY KEY REFERENCES requests (id),
  examples INTEGER NOT NULL,
  held_out INTEGER NOT NULL,
  settings TEXT NOT NULL,
  most     REAL
);
