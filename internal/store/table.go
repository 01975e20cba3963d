package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// table is how one kind of row is kept: columns for what SQL filters or constrains, the JSON document for everything, the one
// secret field sealed in a column of its own. A new property of T needs no change here and no migration.
type table[T any] struct {
	name     string
	idColumn string
	id       func(*T) string
	// rank puts rows before (negative) or behind (positive) the others in lists. nil = all alike.
	rank    func(*T) int64
	columns []column[T]
	// filters names the columns that a Query may use, conditions what else it may: SQL over the row t that is true or false.
	filters    []string
	conditions map[string]string
	// secret is the field that is sealed; nil = the table has none.
	secret func(*T) *tenant.Secret
	// derived are fields that other rows provide on reading; derive clears them before the row is stored.
	derived []expression[T]
	derive  func(*T)
	// link keeps rows of another table in line with a change from old to row; old is nil for an insertion, row for a deletion.
	// nil = nothing hangs on the row but what cascades say.
	link func(ctx context.Context, s Scope, old, row *T) error
	// changed names the snapshot that a write to the row makes stale; nil = there is none of it.
	changed func(tenantName string, row *T) change

	insertSQL, updateSQL, deleteSQL, selectSQL, countSQL string
	// sealedSQL and resealSQL serve a tenant's change of its data key; empty if the table has no secret.
	sealedSQL, resealSQL string
}

// column is one column beside id, document and seal. read is for columns that hold what the document does not; nil = the
// document has it.
type column[T any] struct {
	name  string
	value func(*T) any
	read  func(*T) any
}

// expression is a selected SQL expression over the row t, and where its value goes.
type expression[T any] struct {
	sql  string
	read func(*T) any
}

// prepare builds the statements. Every one of them names the tenant as $1.
func (t *table[T]) prepare() *table[T] {
	set := []string{"doc"}
	for _, c := range t.columns {
		set = append(set, c.name)
	}
	sealed := "NULL"
	if t.secret != nil {
		set, sealed = append(set, "sealed"), "t.sealed"
	}
	columns := append([]string{"tenant", t.idColumn}, set...)
	columns = append(columns, "rank", "created_at")
	t.insertSQL = fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", t.name, strings.Join(columns, ", "), marks(1, len(columns)))

	assignments := make([]string, len(set))
	for i, name := range set {
		assignments[i] = fmt.Sprintf("%s = $%d", name, i+3)
	}
	t.updateSQL = fmt.Sprintf("UPDATE %s SET %s WHERE tenant = $1 AND %s = $2", t.name, strings.Join(assignments, ", "), t.idColumn)
	t.deleteSQL = fmt.Sprintf("DELETE FROM %s WHERE tenant = $1 AND %s = $2", t.name, t.idColumn)

	selected := []string{"t.doc", sealed, "t.rank", "t.created_at", "t." + t.idColumn}
	for _, c := range t.columns {
		if c.read != nil {
			selected = append(selected, "t."+c.name)
		}
	}
	for _, d := range t.derived {
		selected = append(selected, d.sql)
	}
	t.selectSQL = fmt.Sprintf("SELECT %s FROM %s AS t WHERE ", strings.Join(selected, ", "), t.name)
	t.countSQL = fmt.Sprintf("SELECT COUNT(*) FROM %s AS t WHERE ", t.name)
	if t.secret != nil {
		t.sealedSQL = fmt.Sprintf("SELECT t.%[2]s, t.sealed FROM %[1]s AS t WHERE t.tenant = $1 AND t.%[2]s > $2 AND t.sealed IS NOT NULL "+
			"ORDER BY t.%[2]s LIMIT $3", t.name, t.idColumn)
		t.resealSQL = fmt.Sprintf("UPDATE %s SET sealed = $3 WHERE tenant = $1 AND %s = $2", t.name, t.idColumn)
	}
	return t
}

// marks is "$from, ..., $to".
func marks(from, to int) string {
	m := make([]string, 0, to-from+1)
	for i := from; i <= to; i++ {
		m = append(m, fmt.Sprintf("$%d", i))
	}
	return strings.Join(m, ", ")
}

// stored are the values of doc, the columns and sealed, in the order of the statements.
func (t *table[T]) stored(ctx context.Context, s Scope, row T) ([]any, error) {
	document := row
	if t.secret != nil {
		*t.secret(&document) = ""
	}
	if t.derive != nil {
		t.derive(&document)
	}
	doc, err := encodeDoc(document)
	if err != nil {
		return nil, err
	}
	values := []any{doc}
	for _, c := range t.columns {
		values = append(values, c.value(&row))
	}
	if t.secret == nil {
		return values, nil
	}
	sealed, err := s.seal(ctx, t.name, t.id(&row), *t.secret(&row))
	if err != nil {
		return nil, err
	}
	return append(values, sealed), nil
}

// found is a row as read, and its place in the order.
type found[T any] struct {
	row    T
	cursor Cursor
	sealed sql.NullString
}

// createdAt is when the row was made, to the millisecond.
func (f found[T]) createdAt() time.Time { return time.UnixMilli(f.cursor.CreatedAt).UTC() }

// read runs a select that begins with selectSQL. The secrets stay sealed; see open.
func (t *table[T]) read(ctx context.Context, q querier, rest string, args ...any) ([]found[T], error) {
	rows, err := q.QueryContext(ctx, t.selectSQL+rest, args...)
	if err != nil {
		return nil, dbError(err)
	}
	defer rows.Close()
	var all []found[T]
	for rows.Next() {
		f, err := t.scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, dbError(rows.Err())
}

func (t *table[T]) scan(rows *sql.Rows) (found[T], error) {
	var f found[T]
	// The document is the first column, so that decoding it comes before, and cannot undo, what the others say.
	into := []any{docColumn{&f.row}, &f.sealed, &f.cursor.Rank, &f.cursor.CreatedAt, &f.cursor.ID}
	for _, c := range t.columns {
		if c.read != nil {
			into = append(into, c.read(&f.row))
		}
	}
	for _, d := range t.derived {
		into = append(into, d.read(&f.row))
	}
	return f, dbError(rows.Scan(into...))
}

// open puts the opened secret into the row.
func (t *table[T]) open(ctx context.Context, s Scope, f *found[T]) error {
	if t.secret == nil || !f.sealed.Valid {
		return nil
	}
	secret, err := s.open(ctx, t.name, f.cursor.ID, f.sealed.String)
	if err != nil {
		return err
	}
	*t.secret(&f.row) = secret
	return nil
}
