package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

const (
	// countedText is how much of what callers and administrators wrote tells groups apart, in characters. See countTokens.
	countedText = "200"
	// maxGroups bounds the groups with texts: callers choose audiences, and some descriptions repeat them.
	maxGroups = 10_000
)

// countTokens groups the newest records of token requests between two dates, the largest group first. All of it is done before the first
// row, so that a context stops it on both engines.
const countTokens = `SELECT (date - $2) / 3600000, type, client_id,
		substr(doc ->> 'client_name', 1, ` + countedText + `), substr(doc ->> 'audience', 1, ` + countedText + `),
		CASE WHEN type = '` + tenant.LogTokenRefused + `' THEN substr(doc ->> 'description', 1, ` + countedText + `) END,
		COUNT(*), MIN(date), MAX(date)
	FROM (
		SELECT date, type, client_id, doc FROM logs
		WHERE tenant = $1 AND date >= $2 AND date < $3 AND type IN ('` + tenant.LogTokenIssued + `', '` + tenant.LogTokenRefused + `')
		ORDER BY date DESC, seq DESC LIMIT $4) AS newest
	GROUP BY 1, 2, 3, 4, 5, 6
	ORDER BY 7 DESC, 9 DESC`

// CountTokens counts the records of token requests whose date is not before from, and before before; of more than most records, the newest
// most are counted. Hours are those since from. Texts are told apart, and kept, by their first 200 characters. The largest 10,000 counts come
// first; what is beyond them comes as others (TokenCount.Other).
func (l Logs) CountTokens(ctx context.Context, from, before time.Time, most int) ([]tenant.TokenCount, error) {
	rows, err := l.q.QueryContext(ctx, countTokens, l.tenant, from.UnixMilli(), before.UnixMilli(), most)
	if err != nil {
		return nil, fmt.Errorf("token requests of tenant %s: %w", l.tenant, dbError(err))
	}
	defer rows.Close()
	var counts []tenant.TokenCount
	others := otherCounts{}
	for rows.Next() {
		var c tenant.TokenCount
		var clientID, clientName, audience, description sql.NullString
		var oldest, newest int64
		if err := rows.Scan(&c.Hour, &c.Type, &clientID, &clientName, &audience, &description, &c.Count, &oldest, &newest); err != nil {
			return nil, fmt.Errorf("token requests of tenant %s: %w", l.tenant, dbError(err))
		}
		c.ClientID, c.ClientName, c.Audience, c.Description = clientID.String, clientName.String, audience.String, description.String
		c.Oldest, c.Newest = time.UnixMilli(oldest).UTC(), time.UnixMilli(newest).UTC()
		if len(counts) < maxGroups {
			counts = append(counts, c)
		} else {
			others.add(c)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("token requests of tenant %s: %w", l.tenant, dbError(err))
	}
	for _, c := range others {
		counts = append(counts, *c)
	}
	return counts, nil
}

// otherCounts are those beyond maxGroups, by hour, type and client: of these there are no more than an administrator has made.
type otherCounts map[otherKey]*tenant.TokenCount

type otherKey struct {
	hour           int
	kind, clientID string
}

func (o otherCounts) add(c tenant.TokenCount) {
	c.Audience, c.Description, c.Other = "", "", true
	key := otherKey{c.Hour, c.Type, c.ClientID}
	sum := o[key]
	if sum == nil {
		o[key] = &c
		return
	}
	sum.Count += c.Count
	if c.Oldest.Before(sum.Oldest) {
		sum.Oldest = c.Oldest
	}
	if c.Newest.After(sum.Newest) {
		sum.Newest, sum.ClientName = c.Newest, c.ClientName
	}
}
