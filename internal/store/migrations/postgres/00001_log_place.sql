-- +goose Up

-- The place of the last log record: what log_clock is on SQLite. Sequences, because a row that is updated with every batch grows a
-- chain of dead versions for as long as any transaction, a backup for example, stays open.
CREATE SEQUENCE log_seq MINVALUE 0 START 0;
CREATE SEQUENCE log_ms MINVALUE 0 START 0;

-- INTEGER has 32 bits here. JSON, so that fields are read out of a record as SQLite reads them out of TEXT: doc ->> 'ip'.
ALTER TABLE logs ALTER COLUMN seq TYPE BIGINT, ALTER COLUMN doc TYPE JSON USING CAST(doc AS JSON);
ALTER TABLE usage_journal ALTER COLUMN seq TYPE BIGINT;

-- A counter is changed in place while its page has room, and its dead versions are reused there: no index is touched.
ALTER TABLE quota_counters SET (fillfactor = 50);

-- +goose Down
ALTER TABLE quota_counters RESET (fillfactor);
ALTER TABLE usage_journal ALTER COLUMN seq TYPE INTEGER;
ALTER TABLE logs ALTER COLUMN doc TYPE TEXT, ALTER COLUMN seq TYPE INTEGER;
DROP SEQUENCE log_ms;
DROP SEQUENCE log_seq;
