package mgmt

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/writ-auth/writ/internal/store"
)

// A page of 100 clients, secrets and all, through the whole handler.
func BenchmarkList100Clients(b *testing.B) {
	e := newEnv(b)
	err := e.db.InTx(b.Context(), func(tx *store.Tx) error {
		for i := range 1000 {
			c := newBootstrapClient(acme)
			c.Name = fmt.Sprintf("client %d", i)
			if err := tx.Tenant(acme).Clients().Insert(b.Context(), c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "https://"+domainOf(acme)+prefix+"/clients?per_page=100&page=3", nil)
	r.Header.Set("Authorization", "Bearer "+e.token(acme))
	call := callTo(acme)
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		e.api.Serve(call, w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Body)
		}
	}
}
