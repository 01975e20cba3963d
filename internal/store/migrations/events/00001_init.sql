-- +goose Up

-- One row: the last log record's place. Kept apart from the records so that removing them never turns it back.
CREATE TABLE log_clock (
    id  TEXT   NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    ms  BIGINT NOT NULL
);
INSERT INTO log_clock (id, seq, ms) VALUES ('log', 0, 0);

-- seq and ms make the log id. The columns between are those that a search may name; doc is the whole record.
CREATE TABLE logs (
    seq             BIGINT NOT NULL PRIMARY KEY,
    ms              BIGINT NOT NULL,
    tenant          TEXT   NOT NULL,
    date            BIGINT NOT NULL,
    type            TEXT   NOT NULL,
    client_id       TEXT,
    client_name     TEXT,
    description     TEXT,
    ip              TEXT,
    hostname        TEXT,
    user_agent      TEXT,
    user_id         TEXT,
    user_name       TEXT,
    connection      TEXT,
    connection_id   TEXT,
    organization_id TEXT,
    outbox_id       TEXT,
    doc             TEXT   NOT NULL
);
CREATE INDEX logs_tenant ON logs (tenant, seq);
CREATE INDEX logs_type ON logs (tenant, type, seq);
CREATE INDEX logs_client ON logs (tenant, client_id, seq);
-- Partial: a token's record, which has no outbox id, pays nothing for it.
CREATE UNIQUE INDEX logs_outbox ON logs (outbox_id) WHERE outbox_id IS NOT NULL;

-- +goose Down
DROP TABLE logs;
DROP TABLE log_clock;
