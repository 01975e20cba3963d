package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// countTokens groups the newest records of token requests between two dates. All of it is done before the first row, so that a context
// stops it on both engines.
const countTokens = `SELECT (date - $2) / 3600000, type, client_id, doc ->> 'client_name', doc ->> 'audience',
		CASE WHEN type = '` + tenant.LogTokenRefused + `' THEN doc ->> 'description' END, COUNT(*), MIN(date), MAX(date)
	FROM (
		SELECT date, type, client_id, doc FROM logs
		WHERE tenant = $1 AND date >= $2 AND date < $3 AND type IN ('` + tenant.LogTokenIssued + `', '` + tenant.LogTokenRefused + `')
		ORDER BY date DESC, seq DESC LIMIT $4) AS newest
	GROUP BY 1, 2, 3, 4, 5, 6`

// CountTokens counts the records of token requests whose date is not before from, and before before; of more than most records, the newest
// most are counted. Hours are those since from. The order of the counts is none.
func (l Logs) CountTokens(ctx context.Context, from, before time.Time, most int) ([]tenant.TokenCount, error) {
	rows, err := l.q.QueryContext(ctx, countTokens, l.tenant, from.UnixMilli(), before.UnixMilli(), most)
	if err != nil {
		return nil, fmt.Errorf("token requests of tenant %s: %w", l.tenant, dbError(err))
	}
	defer rows.Close()
	var counts []tenant.TokenCount
	for rows.Next() {
		var c tenant.TokenCount
		var clientID, clientName, audience, description sql.NullString
		var oldest, newest int64
		if err := rows.Scan(&c.Hour, &c.Type, &clientID, &clientName, &audience, &description, &c.Count, &oldest, &newest); err != nil {
			return nil, fmt.Errorf("token requests of tenant %s: %w", l.tenant, dbError(err))
		}
		c.ClientID, c.ClientName, c.Audience, c.Description = clientID.String, clientName.String, audience.String, description.String
		c.Oldest, c.Newest = time.UnixMilli(oldest).UTC(), time.UnixMilli(newest).UTC()
		counts = append(counts, c)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("token requests of tenant %s: %w", l.tenant, dbError(err))
	}
	return counts, nil
}
