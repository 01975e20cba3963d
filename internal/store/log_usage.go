package store

import (
	"context"
	"database/sql"
	"fmt"
)

const (
	// usageChunk bounds the records that one statement counts.
	usageChunk = 100_000
	// usageSample is how many of a tenant's oldest, and as many of its newest, records say how large its records are.
	usageSample = 100
	// recordOverhead is what a record takes beside its document: the other columns, and its share of the indexes. Bytes.
	recordOverhead = 300
)

// usage is about how much of the log one tenant takes. The space that a database really takes does not follow at once when records
// go from its midst, and so is no measure for how many must.
type usage struct {
	tenant  string
	records int64
	each    int64 // bytes of a record
	// refusals go first; false once there is none left.
	refusals bool
}

func (u usage) bytes() int64 { return u.records * u.each }

func totalBytes(all []usage) int64 {
	var n int64
	for _, u := range all {
		n += u.bytes()
	}
	return n
}

// logUsage looks at an index and a few records of each tenant.
func (db *DB) logUsage(ctx context.Context) ([]usage, error) {
	var all []usage
	for last := ""; ; {
		var name sql.NullString
		const next = `SELECT MIN(tenant) FROM logs WHERE tenant > $1`
		if err := db.events.reader.QueryRowContext(ctx, next, last).Scan(&name); err != nil {
			return nil, fmt.Errorf("tenants of the log: %w", dbError(err))
		}
		if !name.Valid {
			return all, nil
		}
		last = name.String
		u := usage{tenant: last, refusals: true}
		var err error
		if u.records, err = db.countRecords(ctx, last); err != nil {
			return nil, err
		}
		if u.each, err = db.recordBytes(ctx, last); err != nil {
			return nil, err
		}
		all = append(all, u)
	}
}

func (db *DB) countRecords(ctx context.Context, name string) (int64, error) {
	const count = `SELECT COUNT(*), COALESCE(MAX(seq), 0) FROM (
		SELECT seq FROM logs WHERE tenant = $1 AND seq > $2 ORDER BY seq LIMIT $3) AS few`
	var total, seq int64
	for {
		var n int64
		if err := db.events.reader.QueryRowContext(ctx, count, name, seq, usageChunk).Scan(&n, &seq); err != nil {
			return 0, fmt.Errorf("records of tenant %s: %w", name, dbError(err))
		}
		if total += n; n < usageChunk {
			return total, nil
		}
	}
}

func (db *DB) recordBytes(ctx context.Context, name string) (int64, error) {
	var sum, records int64
	for _, order := range []string{"ASC", "DESC"} {
		sample := `SELECT COUNT(*), COALESCE(SUM(OCTET_LENGTH(CAST(doc AS TEXT))), 0) FROM (SELECT doc FROM logs WHERE tenant = $1 ORDER BY seq ` + order + ` LIMIT $2) AS few`
		var n, size int64
		if err := db.events.reader.QueryRowContext(ctx, sample, name, usageSample).Scan(&n, &size); err != nil {
			return 0, fmt.Errorf("records of tenant %s: %w", name, dbError(err))
		}
		records, sum = records+n, sum+size
	}
	return sum/max(records, 1) + recordOverhead, nil
}
