package store

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Query selects rows of one table of one tenant. The order is always rank (the system resource server first, the global client
// last), then the order in which the rows were made.
type Query struct {
	// Where holds conditions that must all be met.
	Where []Filter
	// After continues behind a place in the order; the zero Cursor = from the start.
	After Cursor
	// Offset skips rows. Limit bounds what is returned; 0 = no bound.
	Offset, Limit int
}

// Filter keeps the rows whose column has one of the values. The columns:
// clients: client_id, is_global, is_first_party, app_type, default_organization_id, client_grant.allow_any_organization (has a grant that allows any);
// resource_servers: id, identifier, is_system;
// client_grants: id, client_id, resource_server_id, subject_type, default_for, allow_any_organization;
// client_credentials: id, client_id;
// signing_keys: kid, family, state;
// encryption_keys: kid, type, state;
// organizations: id, name;
// organization_grants: id, organization_id, grant_id;
// network_acls: id;
// rate_limit_policies: id, consumer_selector;
// actions: id, name, trigger_id, deployed; action_versions: id, action_id; action_bindings: id, trigger_id, action_id;
// action_modules: id, name; action_module_versions: id, module_id;
// custom_domains: id, domain; log_streams: id; token_exchange_profiles: id, subject_token_type, action_id.
type Filter struct {
	Column string
	Values []any
}

// In keeps the rows whose column has one of values; no value, no rows. A row that lacks the property is matched by no text.
func In[V ~string | ~bool](column string, values ...V) Filter {
	f := Filter{Column: column}
	for _, v := range values {
		f.Values = append(f.Values, v)
	}
	return f
}

// Cursor is a place in the order of a list: behind one row, whether or not that row still exists.
type Cursor struct {
	Rank      int64
	CreatedAt int64 // epoch milliseconds
	ID        string
}

// IsZero reports the place before the first row; as the answer of Page: there are no more rows.
func (c Cursor) IsZero() bool { return c == Cursor{} }

// String is the text form that ParseCursor reads. It is not opaque, and nobody's secret.
func (c Cursor) String() string {
	return fmt.Sprintf("%d.%d.%s", c.Rank, c.CreatedAt, c.ID)
}

// ParseCursor reads what String wrote; anything else is an error.
func ParseCursor(text string) (Cursor, error) {
	parts := strings.SplitN(text, ".", 3)
	if len(parts) != 3 || parts[2] == "" {
		return Cursor{}, fmt.Errorf("cursor %q: want rank.created_at.id", text)
	}
	rank, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return Cursor{}, fmt.Errorf("cursor %q: rank: %w", text, err)
	}
	createdAt, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return Cursor{}, fmt.Errorf("cursor %q: created_at: %w", text, err)
	}
	return Cursor{Rank: rank, CreatedAt: createdAt, ID: parts[2]}, nil
}

// where builds the WHERE of a query on table t, tenant first, and its arguments.
func (t *table[T]) where(tenantName string, q Query) (string, []any, error) {
	var b strings.Builder
	b.WriteString("t.tenant = $1")
	args := []any{tenantName}
	bind := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	for _, f := range q.Where {
		term := t.conditions[f.Column]
		if slices.Contains(t.filters, f.Column) {
			term = "t." + f.Column
		}
		if term == "" {
			return "", nil, fmt.Errorf("store: %s cannot be filtered by %q", t.name, f.Column)
		}
		if len(f.Values) == 0 {
			b.WriteString(" AND 1 = 0")
			continue
		}
		marks := make([]string, len(f.Values))
		for i, v := range f.Values {
			marks[i] = bind(v)
		}
		fmt.Fprintf(&b, " AND %s IN (%s)", term, strings.Join(marks, ", "))
	}
	if !q.After.IsZero() {
		fmt.Fprintf(&b, " AND (t.rank, t.created_at, t.%s) > (%s, %s, %s)", t.idColumn,
			bind(q.After.Rank), bind(q.After.CreatedAt), bind(q.After.ID))
	}
	return b.String(), args, nil
}

// page builds ORDER BY, LIMIT and OFFSET.
func (t *table[T]) page(q Query, args []any) (string, []any) {
	limit := int64(math.MaxInt64)
	if q.Limit > 0 {
		limit = int64(q.Limit)
	}
	args = append(args, limit, q.Offset)
	return fmt.Sprintf(" ORDER BY t.rank, t.created_at, t.%s LIMIT $%d OFFSET $%d", t.idColumn, len(args)-1, len(args)), args
}
