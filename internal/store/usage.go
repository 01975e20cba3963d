package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// Tokens are counted in two steps. What a batch of records adds is one row of usage_journal, written with the records: so the counts are
// exact after a crash, and a token pays a share of one row. Every foldEvery records, and with each sweep, the journal is added to
// token_usage. Readers add up both.

const (
	// foldEvery is after how many records of this process the journal is folded: what a reader has to add up stays small.
	foldEvery = 4096
	// foldBatch bounds the rows of the journal that one transaction folds.
	foldBatch = 500
	// usageDay is the unit of usage, in milliseconds.
	usageDay = 24 * int64(time.Hour/time.Millisecond)
)

// usageKey is what tokens are counted by.
type usageKey struct {
	tenant         string
	day            int64 // since 1970-01-01, UTC
	client         string
	audience       string // empty = the Management API
	organizationID string
}

func (k usageKey) compare(other usageKey) int {
	return cmp.Or(strings.Compare(k.tenant, other.tenant), cmp.Compare(k.day, other.day), strings.Compare(k.client, other.client),
		strings.Compare(k.audience, other.audience), strings.Compare(k.organizationID, other.organizationID))
}

// usageOf is what a record counts as. Only records that requests bring count, each of which is inserted once.
func usageOf(e *tenant.LogEvent) (usageKey, bool) {
	if e.Type != tenant.LogTokenIssued || e.OutboxID != "" {
		return usageKey{}, false
	}
	key := usageKey{
		tenant: storable(e.Tenant), day: floorDiv(e.Date.UnixMilli(), usageDay),
		audience: storable(e.Audience), organizationID: storable(e.OrganizationID),
	}
	if e.ForManagementAPI {
		key.audience = ""
	}
	if e.ClientID != nil {
		key.client = storable(*e.ClientID)
	}
	return key, true
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// journalOf is what records add, as a row of the journal: a line for each key, its fields separated by tabs, as PostgreSQL's COPY writes
// text. Empty = nothing.
func journalOf(records []*appendLog) string {
	tokens := make(map[usageKey]int64, min(len(records), worthwhile))
	for _, r := range records {
		if r.counts {
			tokens[r.usage]++
		}
	}
	if len(tokens) == 0 {
		return ""
	}
	const usual = 128 // bytes of a line
	b := make([]byte, 0, usual*len(tokens))
	for key, n := range tokens {
		b = append(appendField(b, key.tenant), '\t')
		b = append(strconv.AppendInt(b, key.day, 10), '\t')
		b = append(appendField(b, key.client), '\t')
		b = append(appendField(b, key.audience), '\t')
		b = append(appendField(b, key.organizationID), '\t')
		b = append(strconv.AppendInt(b, n, 10), '\n')
	}
	return string(b)
}

var (
	escapeField   = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`)
	unescapeField = strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n")
)

func appendField(b []byte, field string) []byte {
	if strings.ContainsAny(field, "\\\t\n") {
		field = escapeField.Replace(field)
	}
	return append(b, field...)
}

// addJournal adds a row of the journal to totals.
func addJournal(totals map[usageKey]int64, doc string) error {
	for line := range strings.Lines(doc) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) != 6 {
			return fmt.Errorf("a line of the usage journal has %d fields: %.100q", len(fields), line)
		}
		day, err := strconv.ParseInt(fields[1], 10, 64)
		if err != nil {
			return fmt.Errorf("a line of the usage journal: %w", err)
		}
		n, err := strconv.ParseInt(fields[5], 10, 64)
		if err != nil {
			return fmt.Errorf("a line of the usage journal: %w", err)
		}
		totals[usageKey{
			tenant: unescapeField.Replace(fields[0]), day: day, client: unescapeField.Replace(fields[2]),
			audience: unescapeField.Replace(fields[3]), organizationID: unescapeField.Replace(fields[4]),
		}] += n
	}
	return nil
}

// foldUsage is the operation that adds the oldest rows of the journal to the totals, at most foldBatch.
type foldUsage struct {
	engine engine
	folded int64
}

func (f *foldUsage) count() int64 { return f.folded }

func (f *foldUsage) apply(ctx context.Context, w *batch) error {
	f.folded = 0
	if mine, err := f.engine.tryFold(ctx, w.tx); err != nil || !mine {
		return err
	}
	totals, err := f.takeJournal(ctx, w)
	if err != nil {
		return err
	}
	keys := make([]usageKey, 0, len(totals))
	for key := range totals {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, usageKey.compare) // the order of the index
	const add = `INSERT INTO token_usage (tenant, day, client_id, audience, organization_id, tokens) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (tenant, day, client_id, audience, organization_id) DO UPDATE SET tokens = token_usage.tokens + excluded.tokens`
	for _, k := range keys {
		if _, err := w.tx.ExecContext(ctx, add, k.tenant, k.day, k.client, k.audience, k.organizationID, totals[k]); err != nil {
			return err
		}
	}
	return nil
}

// takeJournal removes the oldest rows of the journal and adds them up.
func (f *foldUsage) takeJournal(ctx context.Context, w *batch) (map[usageKey]int64, error) {
	const take = `DELETE FROM usage_journal WHERE seq IN (SELECT seq FROM usage_journal ORDER BY seq LIMIT $1) RETURNING doc`
	rows, err := w.tx.QueryContext(ctx, take, foldBatch)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	totals := map[usageKey]int64{}
	for rows.Next() {
		var doc string
		if err := rows.Scan(&doc); err != nil {
			return nil, err
		}
		if err := addJournal(totals, doc); err != nil {
			return nil, err
		}
		f.folded++
	}
	return totals, rows.Err()
}

// fold adds the journal to the totals. Of several processes one does it at a time; the others leave it to that one.
func (db *DB) fold(ctx context.Context) error {
	var waiting int
	const look = `SELECT COUNT(*) FROM (SELECT seq FROM usage_journal LIMIT 1) AS few`
	if err := db.events.reader.QueryRowContext(ctx, look).Scan(&waiting); err != nil || waiting == 0 {
		return dbError(err)
	}
	for {
		op := &foldUsage{engine: db.engine}
		if err := db.batcher.submit(ctx, op); err != nil {
			return err
		}
		if op.folded < foldBatch {
			return nil
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}
