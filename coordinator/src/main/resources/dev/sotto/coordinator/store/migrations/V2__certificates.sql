-- All certificates of clients that are good; clients has the newest.
CREATE TABLE certificates (
    serial      TEXT PRIMARY KEY,
    client      TEXT   NOT NULL REFERENCES clients (id),
    certificate TEXT   NOT NULL,
    open_key    TEXT   NOT NULL,
    expires     BIGINT NOT NULL,
    der         TEXT   NOT NULL
);
CREATE INDEX certificates_client ON certificates (client);

-- Of those from before this table only the digest is known.
INSERT INTO certificates (serial, client, certificate, open_key, expires, der)
    SELECT serial, id, certificate, '', expires, '' FROM clients;
