package store

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/writ-auth/writ/internal/store/pgtest"
	"github.com/writ-auth/writ/internal/tenant"
)

// BenchmarkAppend: durable log records from 64 and from 2048 goroutines, every commit synced.
func BenchmarkAppend(b *testing.B) {
	for _, submitters := range []int{64, 2048} {
		name := func(engine string) string { return fmt.Sprintf("%s/%d", engine, submitters) }
		b.Run(name("sqlite"), func(b *testing.B) { benchmarkAppend(b, testConfig(b), submitters) })
		b.Run(name("postgres"), func(b *testing.B) {
			cfg := testConfig(b)
			server := pgtest.Start(b, "fsync=on", "full_page_writes=on")
			cfg.Database = server.URL(b)
			benchmarkAppend(b, cfg, submitters)
		})
	}
}

func benchmarkAppend(b *testing.B, cfg Config, submitters int) {
	cfg.Durability = DurabilityFull
	db := openTest(b, cfg)
	event := testEvent("Client credentials for access token")
	id, name := tenant.NewClientID(), "Timesheets Import Job"
	event.ClientID, event.ClientName = &id, &name
	event.IP, event.Hostname, event.UserAgent = "203.0.113.7", "acme.auth.example.com", "python-requests/2.32.3"
	event.Audience, event.Scope = "https://timesheets.example.com/api", "read:timesheets create:timesheets"
	event.References = &tenant.LogReferences{TraceID: tenant.NewRequestID()}
	b.ResetTimer() // a server was started
	b.SetParallelism(submitters / runtime.GOMAXPROCS(0))
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := db.Append(context.Background(), event); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkSnapshotHit: what each token request pays for its client.
func BenchmarkSnapshotHit(b *testing.B) {
	db := openTest(b, testConfig(b))
	createTenant(b, db, "acme")
	err := db.InTx(b.Context(), func(tx *Tx) error {
		return tx.Tenant("acme").Clients().Insert(b.Context(), tenant.Client{ClientID: "c-1", ClientSecret: "secret"})
	})
	if err != nil {
		b.Fatal(err)
	}
	s, ctx := db.Snapshots(), context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Client(ctx, "acme", "c-1"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSnapshotMiss: the same, read from the database.
func BenchmarkSnapshotMiss(b *testing.B) {
	db := openTest(b, testConfig(b))
	createTenant(b, db, "acme")
	client := tenant.Client{ClientID: "c-1", ClientSecret: "secret"}
	client.ApplyDefaults()
	err := db.InTx(b.Context(), func(tx *Tx) error { return tx.Tenant("acme").Clients().Insert(b.Context(), client) })
	if err != nil {
		b.Fatal(err)
	}
	s, ctx := db.Snapshots(), context.Background()
	b.ReportAllocs()
	for b.Loop() {
		s.clients.forget("acme", "c-1", "")
		if _, err := s.Client(ctx, "acme", "c-1"); err != nil {
			b.Fatal(err)
		}
	}
}
