package store

import (
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/tenant"
)

// filled is how many records there are where a plan depends on that.
const filled = 10_000

// searchPlans are what an index must find without looking at all of a tenant's records, or sorting them.
func searchPlans() map[string]struct {
	query tenant.LogQuery
	index string
} {
	id := logClock{seq: filled - 5, ms: fillDate(filled - 5).UnixMilli()}.String()
	since := tenant.LogDates{From: fillDate(filled - 50)}
	type plan = struct {
		query tenant.LogQuery
		index string
	}
	return map[string]plan{
		"everything, newest first": {tenant.LogQuery{}, "logs_tenant"},
		"type":                     {tenant.LogQuery{Where: tenant.LogIs("type", "sapi")}, "logs_type"},
		"type, oldest first":       {tenant.LogQuery{Where: tenant.LogIs("type", "sapi"), Ascending: true}, "logs_type"},
		"type and another field":   {tenant.LogQuery{Where: tenant.LogAnd{tenant.LogIs("ip", "::1"), tenant.LogIs("type", "feccft")}}, "logs_type"},
		"the type of most records": {tenant.LogQuery{Where: tenant.LogIs("type", tenant.LogTokenIssued)}, "logs_tenant"},
		"client_id":                {tenant.LogQuery{Where: tenant.LogIs("client_id", "c")}, "logs_tenant"},
		"dates":                    {tenant.LogQuery{Where: since}, "logs_date"},
		"dates, oldest first":      {tenant.LogQuery{Where: since, SortBy: "date", Ascending: true}, "logs_date"},
		"dates and another field":  {tenant.LogQuery{Where: tenant.LogAnd{tenant.LogIs("ip", "::1"), since}}, "logs_date"},
		"auth0-cli's tail":         {tenant.LogQuery{Where: tenant.LogRange{Field: "log_id", From: &tenant.LogBound{Value: id}}}, "logs_tenant (tenant=? AND seq"},
	}
}

func TestSearchPlansOfSQLite(t *testing.T) {
	db := openTest(t, testConfig(t))
	for rule, c := range searchPlans() {
		t.Run(rule, func(t *testing.T) {
			plan := planOf(t, db, "EXPLAIN QUERY PLAN ", c.query)
			found, sorts := plan, 0
			if !c.query.Plain() { // finds a page, and then its records, which it sorts
				records, page, _ := strings.Cut(plan, "LIST SUBQUERY")
				if !strings.Contains(records, "seq=?") && !strings.Contains(records, "rowid=?") {
					t.Errorf("does not look up the page's records:\n%s", plan)
				}
				found, sorts = page, 1
			}
			if !strings.Contains(found, c.index) || strings.Count(plan, "TEMP B-TREE") != sorts || strings.Contains(plan, "SCAN") {
				t.Error(plan)
			}
		})
	}
}

func TestSearchPlansOfPostgreSQL(t *testing.T) {
	db := openTest(t, postgresConfig(t))
	fillLog(t, db, filled)
	for rule, c := range searchPlans() {
		t.Run(rule, func(t *testing.T) {
			plan := planOf(t, db, "EXPLAIN ", c.query)
			if strings.Contains(plan, "Seq Scan") || !strings.Contains(plan, "Index") { // it may sort the few that an index finds
				t.Error(plan)
			}
		})
	}
}

// planOf is the plan of a search's first page.
func planOf(t *testing.T, db *DB, with string, q tenant.LogQuery) string {
	t.Helper()
	q.Limit = 100
	logs := db.Tenant("acme").Logs()
	query, args, err := logs.statement(q)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := db.events.reader.QueryContext(t.Context(), with+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var plan strings.Builder
	for rows.Next() {
		var line string
		into := make([]any, len(columns)) // the last says it
		for i := range into {
			into[i] = new(any)
		}
		into[len(into)-1] = &line
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		plan.WriteString(line + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan.String()
}
