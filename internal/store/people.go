package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/writ-auth/writ/internal/tenant"
)

// People are the operators of the instance with their sessions, one-time codes and memberships. Its methods return tenant.ErrNotFound
// for what is not there, and may also fail with tenant.ErrUnavailable; writes outside InTx always fail.
type People struct {
	db *DB
	q  querier
	tx *Tx // nil = reading only
}

// People is for reading: writes through it are an error.
func (db *DB) People() People { return People{db: db, q: db.config.reader} }

// Record is Tx.Record.
func (p People) Record(ctx context.Context, e tenant.LogEvent) error {
	if p.tx == nil {
		return peopleError("outbox", errReadOnly)
	}
	return p.tx.Record(ctx, e)
}

// People is for reading and writing.
func (tx *Tx) People() People { return People{db: tx.db, q: tx.q, tx: tx} }

const (
	selectOperators = `SELECT doc, id, email, sealed FROM operators`
	// operatorsSealed is the table's name in what its rows seal.
	operatorsSealed = "operators"
)

// Operator returns one account.
func (p People) Operator(ctx context.Context, id string) (tenant.Operator, error) {
	return p.oneOperator(ctx, selectOperators+` WHERE id = $1`, id)
}

// OperatorByEmail returns the account of an address, spelled as it is stored.
func (p People) OperatorByEmail(ctx context.Context, email string) (tenant.Operator, error) {
	return p.oneOperator(ctx, selectOperators+` WHERE email = $1`, email)
}

func (p People) oneOperator(ctx context.Context, query, arg string) (tenant.Operator, error) {
	o, err := p.scanOperator(p.q.QueryRowContext(ctx, query, arg))
	return o, peopleError("operators", err)
}

// Operators lists all accounts by address, byte for byte.
func (p People) Operators(ctx context.Context) ([]tenant.Operator, error) {
	query := selectOperators + ` ORDER BY ` + p.db.engine.bytewise("email")
	all, err := readAll(ctx, p.q, p.scanOperator, query)
	return all, peopleError("operators", err)
}

// InsertOperator adds an account. Errors: tenant.ErrExists if the address is taken.
func (p People) InsertOperator(ctx context.Context, o tenant.Operator) error {
	doc, sealed, err := p.storedOperator(o)
	if err != nil {
		return err
	}
	const insert = `INSERT INTO operators (id, email, doc, sealed, created_at) VALUES ($1, $2, $3, $4, $5)`
	return p.write(ctx, "operators", insert, o.ID, o.Email, doc, sealed, o.CreatedAt.UnixMilli())
}

// UpdateOperator replaces an account by what fn makes of it, and returns that. The id stays; fn's error is returned as it is. Errors:
// tenant.ErrExists if the address is taken.
func (p People) UpdateOperator(ctx context.Context, id string, fn func(old tenant.Operator) (tenant.Operator, error)) (tenant.Operator, error) {
	old, err := p.Operator(ctx, id)
	if err != nil {
		return old, err
	}
	o, err := fn(old)
	if err != nil {
		return old, err
	}
	o.ID = id
	doc, sealed, err := p.storedOperator(o)
	if err != nil {
		return old, err
	}
	const update = `UPDATE operators SET email = $2, doc = $3, sealed = $4 WHERE id = $1`
	return o, p.write(ctx, "operators", update, id, o.Email, doc, sealed)
}

// DeleteOperator removes an account with its sessions, codes and memberships.
func (p People) DeleteOperator(ctx context.Context, id string) error {
	for _, remove := range []string{
		`DELETE FROM operator_sessions WHERE operator_id = $1`,
		`DELETE FROM operator_codes WHERE operator_id = $1`,
		`DELETE FROM memberships WHERE operator_id = $1`,
	} {
		if err := p.write(ctx, "operators", remove, id); err != nil {
			return err
		}
	}
	return p.writeOne(ctx, "operators", `DELETE FROM operators WHERE id = $1`, id)
}

// storedOperator is the document, and the credentials sealed for this row.
func (p People) storedOperator(o tenant.Operator) (doc, sealed string, err error) {
	if doc, err = encodeDoc(o); err != nil {
		return "", "", err
	}
	credentials, err := encodeDoc(o.Credentials)
	if err != nil {
		return "", "", err
	}
	sealed, err = p.db.instanceKey.Seal(operatorsSealed, o.ID, []byte(credentials))
	return doc, sealed, err
}

func (p People) scanOperator(row scanner) (tenant.Operator, error) {
	var o tenant.Operator
	var sealed string
	if err := row.Scan(docColumn{&o}, &o.ID, &o.Email, &sealed); err != nil {
		return o, err
	}
	credentials, err := p.db.instanceKey.Open(operatorsSealed, o.ID, sealed)
	if err != nil {
		return o, err
	}
	return o, decodeDoc(string(credentials), &o.Credentials)
}

// write runs one statement.
func (p People) write(ctx context.Context, table, query string, args ...any) error {
	if p.tx == nil {
		return peopleError(table, errReadOnly)
	}
	_, err := p.q.ExecContext(ctx, query, args...)
	return peopleError(table, err)
}

// writeOne is write for a statement on one row. Errors: tenant.ErrNotFound.
func (p People) writeOne(ctx context.Context, table, query string, args ...any) error {
	if p.tx == nil {
		return peopleError(table, errReadOnly)
	}
	result, err := p.q.ExecContext(ctx, query, args...)
	if err != nil {
		return peopleError(table, err)
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		err = tenant.ErrNotFound
	}
	return peopleError(table, err)
}

// readAll reads the rows of a query.
func readAll[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		row, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, rows.Err()
}

func peopleError(table string, err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		err = tenant.ErrNotFound
	}
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", table, dbError(err))
}
