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
-- A search by client walks this index, a million entries a second and more. One of its own would be quicker to search, but a
-- token's record would then write one more page of 4 KiB for each client of a batch: more work than all the rest of it.
CREATE INDEX logs_tenant ON logs (tenant, seq, type, client_id);
-- Its newest page is the same for all records of a batch.
CREATE INDEX logs_date ON logs (tenant, date, seq);
-- Partial: the record of a token that was issued is in neither, and pays nothing for them. A search by another type, and the refusals that
-- go first when the log is too large, find few records among millions.
CREATE INDEX logs_type ON logs (tenant, type, seq) WHERE type <> 'seccft';
CREATE UNIQUE INDEX logs_outbox ON logs (outbox_id) WHERE outbox_id IS NOT NULL;

-- What is used of token quotas: one row of a client or an organization (kind, and born: when it was made), for the hour and the day that
-- it last got a token in. hour and day are where these begin, *_warned the highest threshold that was warned of, in percent,
-- *_reached the most tokens that one of those stood for. version counts the changes of a row.
CREATE TABLE quota_counters (
    tenant       TEXT   NOT NULL,
    kind         TEXT   NOT NULL,
    id           TEXT   NOT NULL,
    born         BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    hour         BIGINT NOT NULL,
    hour_used    BIGINT NOT NULL,
    hour_warned  BIGINT NOT NULL,
    hour_reached BIGINT NOT NULL,
    day          BIGINT NOT NULL,
    day_used     BIGINT NOT NULL,
    day_warned   BIGINT NOT NULL,
    day_reached  BIGINT NOT NULL,
    PRIMARY KEY (tenant, kind, id, born)
);
CREATE INDEX quota_counters_day ON quota_counters (day);

-- Tokens that were issued, by UTC day (counted from 1970-01-01). audience is empty for the Management API, organization_id where there was
-- none.
CREATE TABLE token_usage (
    tenant          TEXT   NOT NULL,
    day             BIGINT NOT NULL,
    client_id       TEXT   NOT NULL,
    audience        TEXT   NOT NULL,
    organization_id TEXT   NOT NULL,
    tokens          BIGINT NOT NULL,
    PRIMARY KEY (tenant, day, client_id, audience, organization_id)
);
CREATE INDEX token_usage_day ON token_usage (day);

-- What each batch of records adds to token_usage, committed with the records (seq: that of the first), until it is added. One row of a
-- batch, whatever is in it: each token pays for it.
CREATE TABLE usage_journal (
    seq INTEGER PRIMARY KEY,
    doc TEXT NOT NULL
);

-- +goose Down
DROP TABLE usage_journal;
DROP TABLE token_usage;
DROP TABLE quota_counters;
DROP TABLE logs;
DROP TABLE log_clock;
