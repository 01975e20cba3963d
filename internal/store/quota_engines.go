package store

import (
	"context"
	"database/sql"
	"errors"
)

const (
	quotaColumns = `version, hour, hour_used, hour_warned, hour_reached, day, day_used, day_warned, day_reached`
	selectQuota  = `SELECT ` + quotaColumns + ` FROM quota_counters WHERE tenant = $1 AND kind = $2 AND id = $3 AND born = $4`
	upsertQuota  = `INSERT INTO quota_counters (tenant, kind, id, born, ` + quotaColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (tenant, kind, id, born) DO UPDATE SET version = excluded.version, hour = excluded.hour, hour_used = excluded.hour_used,
		hour_warned = excluded.hour_warned, hour_reached = excluded.hour_reached, day = excluded.day, day_used = excluded.day_used,
		day_warned = excluded.day_warned, day_reached = excluded.day_reached`
)

// fields are a row's, in the order of quotaColumns.
func (r *quotaRow) fields() []any {
	return []any{&r.version, &r.hour.start, &r.hour.used, &r.hour.warned, &r.hour.reached, &r.day.start, &r.day.used, &r.day.warned, &r.day.reached}
}

func (e *sqliteEngine) readQuotas(ctx context.Context, q querier, keys []quotaKey) (map[quotaKey]quotaRow, error) {
	find := func(args ...any) *sql.Row { return q.QueryRowContext(ctx, selectQuota, args...) }
	if tx, ok := q.(*sql.Tx); ok {
		stmt := tx.StmtContext(ctx, e.log.readQuota)
		find = func(args ...any) *sql.Row { return stmt.QueryRowContext(ctx, args...) }
	}
	rows := make(map[quotaKey]quotaRow, len(keys))
	for _, key := range keys {
		var row quotaRow
		err := find(key.tenant, key.kind, key.id, key.born).Scan(row.fields()...)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, err
		}
		rows[key] = row
	}
	return rows, nil
}

// writeQuotas: the transaction that read the counters has the lock of the file, so that nobody changed them meanwhile.
func (e *sqliteEngine) writeQuotas(ctx context.Context, q querier, changes []quotaChange) (bool, error) {
	tx, ok := q.(*sql.Tx)
	if !ok {
		return false, errReadOnly
	}
	write := tx.StmtContext(ctx, e.log.writeQuota)
	for _, c := range changes {
		r := c.row
		if _, err := write.ExecContext(ctx, c.key.tenant, c.key.kind, c.key.id, c.key.born, r.version+1,
			r.hour.start, r.hour.used, r.hour.warned, r.hour.reached, r.day.start, r.day.used, r.day.warned, r.day.reached); err != nil {
			return false, err
		}
	}
	return true, nil
}

const selectQuotas = `SELECT q.tenant, q.kind, q.id, q.born, ` + quotaColumns + `
	FROM UNNEST($1::TEXT[], $2::TEXT[], $3::TEXT[], $4::BIGINT[]) AS wanted (tenant, kind, id, born)
	JOIN quota_counters AS q USING (tenant, kind, id, born)`

func (e *postgresEngine) readQuotas(ctx context.Context, q querier, keys []quotaKey) (map[quotaKey]quotaRow, error) {
	found, err := q.QueryContext(ctx, selectQuotas, keyColumns(keys)...)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	rows := make(map[quotaKey]quotaRow, len(keys))
	for found.Next() {
		var key quotaKey
		var row quotaRow
		if err := found.Scan(append([]any{&key.tenant, &key.kind, &key.id, &key.born}, row.fields()...)...); err != nil {
			return nil, err
		}
		rows[key] = row
	}
	return rows, found.Err()
}

// insertQuotas makes rows that are not there yet, in the order of their keys, so that nodes wait for each other in one direction only.
const insertQuotas = `INSERT INTO quota_counters (tenant, kind, id, born, ` + quotaColumns + `)
	SELECT tenant, kind, id, born, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM UNNEST($1::TEXT[], $2::TEXT[], $3::TEXT[], $4::BIGINT[]) AS wanted (tenant, kind, id, born)
	ORDER BY tenant, kind, id, born ON CONFLICT DO NOTHING`

// updateQuotas changes all rows, if all of them are as they were read, or none. It is one statement, so that there is no moment at which a
// node holds a row and the database waits for that node: one that is paused or cut off never stops the others. held locks the rows in the
// order of their keys and sees what was committed last; it comes before any row is changed.
const updateQuotas = `WITH wanted AS MATERIALIZED (
		SELECT * FROM UNNEST($1::TEXT[], $2::TEXT[], $3::TEXT[], $4::BIGINT[], $5::BIGINT[],
			$6::BIGINT[], $7::BIGINT[], $8::BIGINT[], $9::BIGINT[], $10::BIGINT[], $11::BIGINT[], $12::BIGINT[], $13::BIGINT[])
			AS w (tenant, kind, id, born, ` + quotaColumns + `)),
	held AS MATERIALIZED (
		SELECT q.tenant, q.kind, q.id, q.born, q.version FROM quota_counters AS q JOIN wanted AS w USING (tenant, kind, id, born)
		ORDER BY q.tenant, q.kind, q.id, q.born FOR UPDATE OF q),
	same AS MATERIALIZED (SELECT COUNT(*) = CARDINALITY($1) AS all_are FROM held JOIN wanted USING (tenant, kind, id, born, version))
	UPDATE quota_counters AS q SET version = w.version + 1, hour = w.hour, hour_used = w.hour_used, hour_warned = w.hour_warned,
		hour_reached = w.hour_reached, day = w.day, day_used = w.day_used, day_warned = w.day_warned, day_reached = w.day_reached
	FROM wanted AS w, same
	WHERE same.all_are AND q.tenant = w.tenant AND q.kind = w.kind AND q.id = w.id AND q.born = w.born`

func (e *postgresEngine) writeQuotas(ctx context.Context, q querier, changes []quotaChange) (bool, error) {
	var missing []quotaKey
	keys := make([]quotaKey, len(changes))
	for i, c := range changes {
		keys[i] = c.key
		if c.row.version == noQuotaRow {
			missing = append(missing, c.key)
		}
	}
	if len(missing) > 0 {
		if _, err := q.ExecContext(ctx, insertQuotas, keyColumns(missing)...); err != nil {
			return false, err
		}
	}
	result, err := q.ExecContext(ctx, updateQuotas, append(keyColumns(keys), rowColumns(changes)...)...)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == int64(len(changes)), err
}

// keyColumns turns keys into one array per column.
func keyColumns(keys []quotaKey) []any {
	n := len(keys)
	tenants, kinds, ids, born := make([]string, n), make([]string, n), make([]string, n), make([]int64, n)
	for i, k := range keys {
		tenants[i], kinds[i], ids[i], born[i] = k.tenant, k.kind, k.id, k.born
	}
	return []any{tenants, kinds, ids, born}
}

// rowColumns turns rows into one array per column, in the order of quotaColumns.
func rowColumns(changes []quotaChange) []any {
	var columns [9][]int64
	for _, c := range changes {
		r := c.row
		for i, v := range [...]int64{
			max(r.version, 0), r.hour.start, r.hour.used, r.hour.warned, r.hour.reached, r.day.start, r.day.used, r.day.warned, r.day.reached,
		} {
			columns[i] = append(columns[i], v)
		}
	}
	all := make([]any, len(columns))
	for i, column := range columns {
		all[i] = column
	}
	return all
}
