package limit

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Rate says how often something may be done. The zero Rate sets no limit.
type Rate struct {
	// Burst is what a full bucket holds: how often at once.
	Burst int
	// Refill is what comes back at the top of each Every, up to Burst.
	Refill int
	// Every is a second, a minute or an hour.
	Every time.Duration
}

// Off is the text of the zero Rate.
const Off = "off"

// maxCount bounds the numbers of a rate.
const maxCount = 1_000_000_000

// units are the letters for Every.
func units() map[string]time.Duration {
	return map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour}
}

// ParseRate reads REFILL/UNIT:BURST, such as 10/s:50 or 150/m:10; a burst that is left out is one refill; "off" is the zero Rate.
// Errors say what is wanted.
func ParseRate(text string) (Rate, error) {
	if text == Off {
		return Rate{}, nil
	}
	wrong := fmt.Errorf("%q is no rate: want for example 100/s:1000 (100 more each second, at most 1000 at once), 600/m or off", text)
	speed, burst, hasBurst := strings.Cut(text, ":")
	refill, unit, hasUnit := strings.Cut(speed, "/")
	every, known := units()[unit]
	n, err := strconv.Atoi(refill)
	if err != nil || !hasUnit || !known || n < 1 || n > maxCount {
		return Rate{}, wrong
	}
	r := Rate{Burst: n, Refill: n, Every: every}
	if hasBurst {
		if r.Burst, err = strconv.Atoi(burst); err != nil || r.Burst < 1 || r.Burst > maxCount {
			return Rate{}, wrong
		}
	}
	return r, nil
}

// Unlimited reports whether the rate sets no limit.
func (r Rate) Unlimited() bool { return r.Burst == 0 }

// String is what ParseRate reads.
func (r Rate) String() string {
	if r.Unlimited() {
		return Off
	}
	for unit, every := range units() {
		if every == r.Every {
			return fmt.Sprintf("%d/%s:%d", r.Refill, unit, r.Burst)
		}
	}
	return fmt.Sprintf("%d/%s:%d", r.Refill, r.Every, r.Burst)
}

// fill is how long an empty bucket takes at most to be full again.
func (r Rate) fill() time.Duration {
	periods := (r.Burst + r.Refill - 1) / r.Refill
	return time.Duration(periods) * r.Every
}
