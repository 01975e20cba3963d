-- +goose Up

-- The place of the last log record: what log_clock is on SQLite. Sequences, because a row that is updated with every batch grows a
-- chain of dead versions for as long as any transaction, a backup for example, stays open.
CREATE SEQUENCE log_seq MINVALUE 0 START 0;
CREATE SEQUENCE log_ms MINVALUE 0 START 0;

-- +goose Down
DROP SEQUENCE log_ms;
DROP SEQUENCE log_seq;
