package store

import (
	"fmt"
	"strconv"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// A log id is Auth0's 56 digits: "900", the time of insertion as yyyymmddHHMMSSmmm in UTC, and a sequence of 36 digits. Ids
// compare as text in the order in which the records were committed.
const (
	logIDPrefix = "900"
	logIDTime   = "20060102150405.000" // rendered without its dot
	logIDLength = 56
	timeDigits  = 17
	seqDigits   = logIDLength - len(logIDPrefix) - timeDigits
)

func (c logClock) String() string {
	t := time.UnixMilli(c.ms).UTC().Format(logIDTime)
	return fmt.Sprintf("%s%s%s%0*d", logIDPrefix, t[:14], t[15:], seqDigits, c.seq)
}

// parseLogID reads a log id. Errors: tenant.ErrNotFound, because what is no log id is no record's.
func parseLogID(id string) (logClock, error) {
	malformed := fmt.Errorf("log id %q: want %d digits that begin with %s: %w", id, logIDLength, logIDPrefix, tenant.ErrNotFound)
	if len(id) != logIDLength || id[:len(logIDPrefix)] != logIDPrefix {
		return logClock{}, malformed
	}
	digits, seqText := id[len(logIDPrefix):logIDLength-seqDigits], id[logIDLength-seqDigits:]
	t, err := time.Parse(logIDTime, digits[:14]+"."+digits[14:])
	if err != nil {
		return logClock{}, malformed
	}
	seq, err := strconv.ParseInt(seqText, 10, 64)
	if err != nil || seq < 0 {
		return logClock{}, malformed
	}
	return logClock{seq: seq, ms: t.UnixMilli()}, nil
}
