package store

import (
	"context"
	"fmt"
)

// resealBatch is how many rows one transaction of a rekeying seals anew: others write between two of them.
const resealBatch = 500

// resealer is a table with a secret.
type resealer interface {
	// reseal seals the next rows behind id after under the key that seals now, and returns the last one's id; "" = there were none.
	reseal(ctx context.Context, s Scope, after string) (last string, err error)
}

// Rekey gives a tenant a fresh data key, seals its secrets anew with it, a few rows per transaction, and runs finish in the transaction
// that retires the old keys. Once the fresh key is there ctx no longer ends it: a caller who goes away would leave the work to be done
// again, and a key more each time. Where it stops in the middle nonetheless, everything still opens, and a later Rekey does the rest; two
// at once do no harm. Errors: tenant.ErrNotFound; finish's as it is.
func (db *DB) Rekey(ctx context.Context, tenantName string, finish func(ctx context.Context, tx *Tx) error) error {
	var fresh uint32
	err := db.InTx(ctx, func(tx *Tx) error {
		return tx.changeDataKey(ctx, tenantName, func(sealed string) (changed string, err error) {
			changed, fresh, err = db.cfg.Master.AddKey(tenantName, sealed)
			return changed, err
		})
	})
	if err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	for _, table := range db.tables.sealed() {
		if err := db.reseal(ctx, tenantName, table); err != nil {
			return err
		}
	}
	return db.InTx(ctx, func(tx *Tx) error {
		err := tx.changeDataKey(ctx, tenantName, func(sealed string) (string, error) {
			return db.cfg.Master.RetireKeys(tenantName, sealed, fresh)
		})
		if err != nil {
			return err
		}
		return finish(ctx, tx)
	})
}

func (db *DB) reseal(ctx context.Context, tenantName string, table resealer) error {
	for after := ""; ; {
		var last string
		err := db.InTx(ctx, func(tx *Tx) (err error) {
			last, err = table.reseal(ctx, tx.Tenant(tenantName), after)
			return err
		})
		if err != nil || last == "" {
			return err
		}
		after = last
	}
}

// changeDataKey replaces a tenant's data key by what fn makes of it, sealed both times.
func (tx *Tx) changeDataKey(ctx context.Context, tenantName string, fn func(sealed string) (string, error)) error {
	sealed, err := readDataKey(ctx, tx.q, tenantName)
	if err != nil {
		return err
	}
	if sealed, err = fn(sealed); err != nil {
		return err
	}
	if _, err := tx.q.ExecContext(ctx, `UPDATE tenants SET data_key = $2 WHERE name = $1`, tenantName, sealed); err != nil {
		return fmt.Errorf("data key of tenant %s: %w", tenantName, dbError(err))
	}
	return nil
}

// reseal implements resealer.
func (t *table[T]) reseal(ctx context.Context, s Scope, after string) (last string, err error) {
	found, err := t.sealedRows(ctx, s, after)
	if err != nil {
		return "", err
	}
	for _, row := range found {
		secret, err := s.open(ctx, t.name, row.id, row.sealed)
		if err != nil {
			return "", err
		}
		sealed, err := s.seal(ctx, t.name, row.id, secret)
		if err != nil {
			return "", err
		}
		if _, err := s.q.ExecContext(ctx, t.resealSQL, s.tenant, row.id, sealed); err != nil {
			return "", fmt.Errorf("seal %s %q of tenant %s anew: %w", t.name, row.id, s.tenant, dbError(err))
		}
		last = row.id
	}
	return last, nil
}

// sealedRow is a row's id and its sealed secret.
type sealedRow struct{ id, sealed string }

func (t *table[T]) sealedRows(ctx context.Context, s Scope, after string) ([]sealedRow, error) {
	rows, err := s.q.QueryContext(ctx, t.sealedSQL, s.tenant, after, resealBatch)
	if err != nil {
		return nil, dbError(err)
	}
	defer rows.Close()
	var found []sealedRow
	for rows.Next() {
		var row sealedRow
		if err := rows.Scan(&row.id, &row.sealed); err != nil {
			return nil, dbError(err)
		}
		found = append(found, row)
	}
	return found, dbError(rows.Err())
}
