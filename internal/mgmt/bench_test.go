package mgmt

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/writ-auth/writ/internal/store"
)

// BenchmarkList: a page of 100 among 100,000 clients, secrets and all, through the whole handler.
func BenchmarkList(b *testing.B) {
	const clients = 100_000
	e := newEnv(b)
	e.seedClients(clients)
	token := e.token(acme)
	for name, query := range map[string]string{
		"first":           "per_page=100",
		"first-and-total": "per_page=100&include_totals=true",
		"deep":            fmt.Sprintf("per_page=100&page=%d", clients/100-1),
		"deep-and-total":  fmt.Sprintf("per_page=100&include_totals=true&page=%d", clients/100-1),
		"checkpoint":      "take=100",
		"deep-checkpoint": "take=100&from=" + e.cursorAt(clients-100),
		"by-app-type":     "take=100&app_type=spa", // there are none
		"global":          "take=100&is_global=true",
	} {
		b.Run(name, func(b *testing.B) {
			r := httptest.NewRequest(http.MethodGet, "https://"+domainOf(acme)+prefix+"/clients?"+query, nil)
			r.Header.Set("Authorization", "Bearer "+token)
			call := callTo(acme)
			b.ReportAllocs()
			for b.Loop() {
				w := httptest.NewRecorder()
				e.api.Serve(call, w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Body)
				}
			}
		})
	}
}

func (e *env) seedClients(n int) {
	e.t.Helper()
	const batch = 10_000
	for done := 0; done < n; done += batch {
		err := e.db.InTx(e.t.Context(), func(tx *store.Tx) error {
			for i := range min(batch, n-done) {
				c := newBootstrapClient(acme)
				c.Name = fmt.Sprintf("client %d", done+i)
				if err := tx.Tenant(acme).Clients().Insert(e.t.Context(), c); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			e.t.Fatal(err)
		}
	}
}

// cursorAt pages through the clients to the place behind the nth.
func (e *env) cursorAt(n int) string {
	e.t.Helper()
	cursor := ""
	for range n / 100 {
		_, text := e.ask(acme, e.token(acme), "GET", "/clients?fields=client_id&take=100&from="+cursor, "")
		cursor = e.property(text, "next")
	}
	return cursor
}
