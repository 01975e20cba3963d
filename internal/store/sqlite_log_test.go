package store

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// However a batch falls into chunks, each record stands once, in its order, behind the batch before.
func TestAppendInChunks(t *testing.T) {
	db := openTest(t, testConfig(t))
	var want []string
	for n := range 2*chunks[0] + 2 {
		records := make([]*appendLog, n)
		for i := range records {
			want = append(want, fmt.Sprintf("%d of %d", i, n))
			var err error
			if records[i], err = newAppendLog(testEvent(want[len(want)-1])); err != nil {
				t.Fatal(err)
			}
		}
		tx, err := db.events.writer.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.engine.appendLogs(t.Context(), tx, time.Now().UnixMilli(), records); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	found, err := db.Tenant("acme").Logs().After(t.Context(), "", len(want)+1)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]string, len(found))
	for i, e := range found {
		got[i] = e.Description
	}
	if !slices.Equal(got, want) {
		t.Errorf("%d records, want %d in their order", len(got), len(want))
	}
	var first, last, rows int
	const places = `SELECT MIN(seq), MAX(seq), COUNT(*) FROM logs`
	if err := db.events.reader.QueryRowContext(t.Context(), places).Scan(&first, &last, &rows); err != nil {
		t.Fatal(err)
	}
	if first != 1 || last != len(want) || rows != len(want) {
		t.Errorf("places %d to %d of %d records, want 1 to %d", first, last, rows, len(want))
	}
}
