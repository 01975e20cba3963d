-- +goose Up

-- One row: the last log record's place. Kept apart from the records so that removing them never turns it back.
CREATE TABLE log_clock (
    id  TEXT   NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    ms  BIGINT NOT NULL
);
INSERT INTO log_clock (id, seq, ms) VALUES ('log', 0, 0);

-- seq and ms make the log id. doc is the whole record, a JSON object; searches read most fields out of it (log_fields.go). The columns
-- between are those that an index or the order of dates needs: each token pays for them.
-- INTEGER PRIMARY KEY is SQLite's own row number, so that the log has no second tree for it; for PostgreSQL see postgres/00001.
CREATE TABLE logs (
    seq       INTEGER PRIMARY KEY,
    ms        BIGINT NOT NULL,
    tenant    TEXT   NOT NULL,
    date      BIGINT NOT NULL,
    type      TEXT   NOT NULL,
    client_id TEXT,
    outbox_id TEXT,
    doc       TEXT   NOT NULL
);
-- Searches by type and by client walk this index, a few million entries a second. Indexes of their own would be quicker to search, but a
-- token's record would then write one more page of 4 KiB for each client of a batch: more work than all the rest of it.
CREATE INDEX logs_tenant ON logs (tenant, seq, type, client_id);
-- Partial: a token's record is in neither, and pays nothing for them. The first is for the refusals that go first when the log is too large.
CREATE INDEX logs_refused ON logs (tenant, seq) WHERE type = 'feccft';
CREATE UNIQUE INDEX logs_outbox ON logs (outbox_id) WHERE outbox_id IS NOT NULL;

-- +goose Down
DROP TABLE logs;
DROP TABLE log_clock;
