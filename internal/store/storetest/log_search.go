package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// LogRecords are records of acme in which every field that can be searched differs, special characters and empty fields included. They
// stand in the order in which they are appended, and that is not the order of their dates.
func LogRecords() []tenant.LogEvent {
	records := []tenant.LogEvent{}
	for i, edit := range []func(*tenant.LogEvent){
		func(*tenant.LogEvent) {},
		func(e *tenant.LogEvent) {
			e.Type, e.ClientID, e.ClientName, e.IP = tenant.LogTokenRefused, nil, nil, "::1"
		},
		func(e *tenant.LogEvent) { e.Description, e.UserAgent = `100% [sic] a_b*c?d \ "q"`, "" },
		func(e *tenant.LogEvent) { e.Type, e.Description = tenant.LogManagementWritten, "Create a client" },
		func(e *tenant.LogEvent) { e.Type, e.Description = tenant.LogManagementWritten, "create A CLIENT" },
		func(e *tenant.LogEvent) { e.UserID, e.UserName = "operator|1", "jane@example.com" },
		func(e *tenant.LogEvent) { e.Connection, e.ConnectionID, e.OrganizationID = "db", "con_1", "org_1" },
		func(e *tenant.LogEvent) { e.Description, *e.ClientName = "größer ÄÖ 漢字", "Ünï" },
		func(e *tenant.LogEvent) { e.Date = e.Date.Add(-400 * 24 * time.Hour) },
		func(e *tenant.LogEvent) { e.Hostname, e.IP = "other.example", "192.0.2.77" },
	} {
		e := event(i)
		name := *e.ClientName
		e.ClientName = &name
		edit(&e)
		records = append(records, e)
	}
	return records
}

// SearchConditions are conditions of every kind on every field, hits and misses, for records whose log ids are given.
func SearchConditions(ids []string) []tenant.LogExpr {
	is := tenant.LogIs
	like := func(field string, literals ...string) tenant.LogExpr {
		return tenant.LogMatch{Field: field, Literals: literals}
	}
	span := func(field, from, to string, exclusive bool) tenant.LogExpr {
		return tenant.LogRange{Field: field, From: &tenant.LogBound{Value: from, Exclusive: exclusive}, To: &tenant.LogBound{Value: to, Exclusive: exclusive}}
	}
	day := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	first, mid, last := ids[0], ids[len(ids)/2], ids[len(ids)-1]
	leaves := []tenant.LogExpr{
		is("type", "feccft"), is("type", "FECCFT"), is("client_id", "client-1"), is("ip", "::1"), is("description", "create A CLIENT"),
		is("description", `100% [sic] a_b*c?d \ "q"`), is("user_agent", ""), is("ip", "a\x00"), is("strategy", "auth0"), is("client_name", "Ünï"),
		like("type", "s", ""), like("description", "", "CLIENT"), like("description", "", "lien", ""), like("description", "Cre", "ent"),
		like("description", "", "[sic]", ""), like("description", "", "a_b", "?d", ""), like("description", "", "aXb", ""), like("description", "", `\ "q"`),
		like("description", "100%", ""), like("description", "100", "", ""), like("description", "", "ßer", "漢", ""), like("description", "", "GRÖ", ""),
		like("client_name", "", ""), like("user_agent", "", ""), like("strategy_type", "", ""), like("organization_id", "org", ""),
		like("ip", "192.0.2.7", ""), like("client_name", "x\xff", ""), like("description", "event ", "event ", ""),
		like("", "jane@example.com"), like("", "sapi"), like("", "", "lient", ""), like("", mid), like("", "", ""), like("", "90020", ""),
		is("log_id", mid), is("log_id", "7"), is("log_id", "900"+strings.Repeat("x", 53)), like("log_id", "9", ""), like("log_id", "", ""),
		like("log_id", mid[:len(mid)-1], ""), like("log_id", mid[:20], ""), like("log_id", mid[:12], ""), like("log_id", "90020269", ""),
		like("log_id", "901", ""), like("log_id", "9x", ""), like("log_id", "", "1"), like("log_id", strings.Repeat("9", 57), ""),
		span("log_id", mid, last, false), span("log_id", first, mid, true), span("log_id", last, first, false),
		span("log_id", "90020261300000000000"+strings.Repeat("0", 36), "900"+strings.Repeat("9", 53), false),
		// The last second of no minute: what is not before it begins with the next one, where the first record is; what is before it does not.
		tenant.LogRange{Field: "log_id", From: &tenant.LogBound{Value: "90020261123115999000" + strings.Repeat("0", 36)}},
		tenant.LogRange{Field: "log_id", To: &tenant.LogBound{Value: "90020261123115999000" + strings.Repeat("9", 36)}},
		span("log_id", "900"+strings.Repeat("0", 53), "90020260000000000000"+strings.Repeat("0", 36), false),
		tenant.LogRange{Field: "log_id", From: &tenant.LogBound{Value: mid}}, tenant.LogRange{Field: "log_id", To: &tenant.LogBound{Value: mid, Exclusive: true}},
		span("type", "feccft", "sapi", false), span("type", "feccft", "seccft", true), span("description", "C", "d", false), span("client_name", "a", "z", false),
		tenant.LogRange{Field: "user_name", From: &tenant.LogBound{Value: "j"}}, tenant.LogRange{Field: "user_name", To: &tenant.LogBound{Value: "j"}},
		tenant.LogRange{Field: "hostname"},
		tenant.LogDates{}, tenant.LogDates{From: day.Add(2 * time.Millisecond), Before: day.Add(5 * time.Millisecond)},
		tenant.LogDates{Before: day}, tenant.LogDates{From: day.Add(3 * time.Millisecond)}, tenant.LogDates{From: day, Before: day},
		tenant.LogAnd{}, tenant.LogOr{},
	}
	for _, field := range tenant.LogSearchFields() {
		if field != "date" {
			leaves = append(leaves, like(field, "", ""), is(field, "x"))
		}
	}
	all := leaves
	for i, e := range leaves {
		next := leaves[(i*7+3)%len(leaves)]
		all = append(all, tenant.LogNot{Expr: e}, tenant.LogAnd{e, next}, tenant.LogOr{e, tenant.LogNot{Expr: next}},
			tenant.LogAnd{tenant.LogOr{e, next}, tenant.LogNot{Expr: tenant.LogAnd{e, next, leaves[(i+1)%len(leaves)]}}})
	}
	return all
}

// testLogSearch compares what a store finds with what SearchLog does.
func testLogSearch(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	w := start(t, newDatabase)
	for _, e := range LogRecords() {
		wantError(t, w.db.Append(ctx, e), nil)
		e.Tenant = "other"
		wantError(t, w.db.Append(ctx, e), nil)
		w.clock.advance(time.Second)
	}
	logs := w.db.Tenant("acme").Logs()
	records := must(logs.After(ctx, "", 100))(t)
	wantEqual(t, len(records), len(LogRecords()))

	logID := func(e tenant.LogEvent) string { return e.LogID }
	check := func(t *testing.T, q tenant.LogQuery) {
		t.Helper()
		found, err := logs.Query(ctx, q)
		if err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		if got, want := strings.Join(ids(found, logID), "\n"), strings.Join(ids(SearchLog(records, q), logID), "\n"); got != want {
			t.Errorf("%+v\nfound\n%s\nwant\n%s", q, got, want)
		}
	}
	t.Run("a search finds what its condition says, in one tenant", func(t *testing.T) {
		for _, where := range SearchConditions(ids(records, logID)) {
			q := tenant.LogQuery{Where: where}
			check(t, q)
			wantEqual(t, must(logs.Count(ctx, q))(t), len(SearchLog(records, q)))
		}
	})
	t.Run("by any field, in both directions, page by page", func(t *testing.T) {
		for _, field := range append(tenant.LogSearchFields(), "") {
			for _, ascending := range []bool{true, false} {
				for _, where := range []tenant.LogExpr{nil, tenant.LogDates{Before: records[6].Date}, tenant.LogIs("type", "seccft")} {
					check(t, tenant.LogQuery{SortBy: field, Ascending: ascending, Where: where})
					check(t, tenant.LogQuery{SortBy: field, Ascending: ascending, Where: where, Offset: 2, Limit: 3})
				}
			}
		}
	})
	t.Run("what is no field is refused", func(t *testing.T) {
		no := &tenant.LogBound{Value: "x"}
		for _, q := range []tenant.LogQuery{
			{Where: tenant.LogIs("doc", "x")}, {Where: tenant.LogNot{Expr: tenant.LogIs("date", "x")}}, {SortBy: "doc"}, {SortBy: "details"},
			{Where: tenant.LogRange{Field: "doc", From: no}}, {Where: tenant.LogRange{Field: "log_id", From: no}}, {Where: tenant.LogRange{From: no}},
			{Where: tenant.LogRange{Field: "ip", To: &tenant.LogBound{Value: "\xff"}}},
		} {
			if _, err := logs.Query(ctx, q); err == nil {
				t.Errorf("accepted: %+v", q)
			}
		}
	})
	t.Run("what one may search for is compared as it is", func(t *testing.T) {
		for _, text := range []string{"'", `"`, "$1", "--", ";", "%", "_", "*", "?", "[", "]", `\`, "' OR 1=1 --"} {
			e := event(50)
			e.Description = "a" + text + "b"
			wantError(t, w.db.Append(ctx, e), nil)
			for _, literals := range [][]string{{e.Description}, {e.Description, ""}, {"", text, ""}, {"a", text, "b"}} {
				q := tenant.LogQuery{Where: tenant.LogMatch{Field: "description", Literals: literals}, Limit: 1}
				wantEqual(t, ids(must(logs.Query(ctx, q))(t), description), []string{e.Description})
			}
			e.Description, e.UserAgent = "aXb", "a"+text+"b" // in the record, but not in the field
			wantError(t, w.db.Append(ctx, e), nil)
			q := tenant.LogQuery{Where: tenant.LogMatch{Field: "description", Literals: []string{"a" + text, ""}}, Limit: 1}
			wantEqual(t, ids(must(logs.Query(ctx, q))(t), description), []string{fmt.Sprintf("a%sb", text)})
		}
	})
}
