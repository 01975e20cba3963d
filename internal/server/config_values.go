package server

import (
	"fmt"
	"math"
	"net"
	"strconv"
	"strings"
	"time"
)

const (
	sqlitePrefix    = "sqlite:"
	minLogRetention = time.Hour
)

// parseDuration reads Go's durations (90s, 1h30m), whole days (30d) and days with a rest (1d12h). Never negative.
func parseDuration(s string) (time.Duration, error) {
	wrong := fmt.Errorf("%q is no duration: want for example 30d, 12h or 90s", s)
	rest, total := s, time.Duration(0)
	if days, after, ok := strings.Cut(s, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		if err != nil {
			return 0, wrong
		}
		if total = time.Duration(n) * 24 * time.Hour; after == "" {
			return total, nil
		}
		rest = after
	}
	d, err := time.ParseDuration(rest)
	if err != nil || d < 0 || d > math.MaxInt64-total {
		return 0, wrong
	}
	return total + d, nil
}

// parseSize reads bytes with an optional unit: powers of 1000 (kB, MB, GB, TB) or of 1024 (KiB, MiB, GiB, TiB).
func parseSize(s string) (int64, error) {
	wrong := fmt.Errorf("%q is no size: want for example 500MB, 10GiB or 0", s)
	end := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(s)
	}
	n, err := strconv.ParseInt(s[:end], 10, 64)
	unit, ok := sizeUnit(strings.TrimSpace(s[end:]))
	if err != nil || !ok || n > math.MaxInt64/unit {
		return 0, wrong
	}
	return n * unit, nil
}

func sizeUnit(s string) (int64, bool) {
	switch strings.ToLower(s) {
	case "", "b":
		return 1, true
	case "kb":
		return 1e3, true
	case "mb":
		return 1e6, true
	case "gb":
		return 1e9, true
	case "tb":
		return 1e12, true
	case "kib":
		return 1 << 10, true
	case "mib":
		return 1 << 20, true
	case "gib":
		return 1 << 30, true
	case "tib":
		return 1 << 40, true
	}
	return 0, false
}

func parseCount(s string, least, most int) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("%q: want a whole number from %d to %d", s, least, most)
	}
	return n, nil
}

// checkAddress accepts HOST:PORT and :PORT; port 0 lets the system choose.
func checkAddress(s string) error {
	_, port, err := net.SplitHostPort(s)
	if err != nil {
		return fmt.Errorf("%q is no address: want HOST:PORT, such as 127.0.0.1:8443 or :8443", s)
	}
	if _, err := parseCount(port, 0, 65535); err != nil {
		return fmt.Errorf("%q: port %w", s, err)
	}
	return nil
}
