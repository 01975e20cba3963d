package store

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// No list looks at more rows than its page has, but for what it skips, and none sorts: each reads an index that is in its order, from where
// its cursor stands. A total is counted in an index.
func TestListsReadTheirPageOnly(t *testing.T) {
	db := openTest(t, testConfig(t))
	checkPlans(t, db, db.tables.clients)
	checkPlans(t, db, db.tables.resourceServers)
	checkPlans(t, db, db.tables.clientGrants)
	checkPlans(t, db, db.tables.organizations)
	checkPlans(t, db, db.tables.organizationGrants)
	checkPlans(t, db, db.tables.networkACLs)
	checkPlans(t, db, db.tables.rateLimitPolicies)
}

func checkPlans[T any](t *testing.T, db *DB, table *table[T]) {
	t.Helper()
	queries := map[string]Query{
		"a page by number":   {Limit: 50, Offset: 100},
		"a page by position": {Limit: 50, After: Cursor{CreatedAt: 1, ID: "x"}},
	}
	for _, column := range table.filters {
		if column != table.idColumn && column != "identifier" && column != "is_system" && column != "name" && column != "consumer_selector" { // which find one row at most
			queries["a page by "+column] = Query{Limit: 50, After: Cursor{CreatedAt: 1, ID: "x"}, Where: []Filter{In(column, "x")}}
		}
	}
	for name, q := range queries {
		where, args, err := table.where("acme", q)
		if err != nil {
			t.Fatal(err)
		}
		order, args := table.page(q, args)
		plan := listPlan(t, db, table.selectSQL+where+order, args)
		if !strings.HasPrefix(plan, "SEARCH t USING INDEX "+table.name+"_") || strings.Contains(plan, "SCAN") || strings.Contains(plan, "TEMP B-TREE") ||
			filtered(q) != "" && !strings.Contains(plan, filtered(q)+"=? AND (rank,created_at,"+table.idColumn+")>") {
			t.Errorf("%s, %s:\n%s", table.name, name, plan)
		}
	}
	where, args, err := table.where("acme", Query{})
	if err != nil {
		t.Fatal(err)
	}
	if plan := listPlan(t, db, table.countSQL+where, args); !strings.Contains(plan, "USING COVERING INDEX") {
		t.Errorf("%s, total:\n%s", table.name, plan)
	}
}

// filtered is the column that a query is filtered by; empty = none.
func filtered(q Query) string {
	if len(q.Where) == 0 {
		return ""
	}
	return q.Where[0].Column
}

// listPlan is what SQLite says it will do.
func listPlan(t *testing.T, db *DB, query string, args []any) string {
	t.Helper()
	rows, err := db.config.reader.QueryContext(context.Background(), "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatal(err, query)
	}
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&plan, detail)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan.String()
}
