package eventlog

import (
	"cmp"
	"slices"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// Activity is what a tenant's token requests of some time come to. Each list has the busiest first.
type Activity struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	// CountedFrom is From, or the date of the oldest record that was counted where there were too many to count all.
	CountedFrom time.Time `json:"counted_from"`
	Tally
	// Hours are those with a request, oldest first. The first begins at From.
	Hours        []HourActivity        `json:"hours"`
	Applications []ApplicationActivity `json:"applications"`
	APIs         []APIActivity         `json:"apis"`
	Refusals     []Refusals            `json:"refusals"`
	// Other are requests that are in the sums, the hours and the applications, but in no API's and no refusal's count: there were too many
	// different ones. Absent if there are none.
	Other Tally `json:"other,omitzero"`
}

// Tally is how many requests got a token, and how many none.
type Tally struct {
	Issued  int `json:"issued"`
	Refused int `json:"refused"`
}

func (t *Tally) add(c tenant.TokenCount) {
	if c.Type == tenant.LogTokenIssued {
		t.Issued += c.Count
		return
	}
	t.Refused += c.Count
}

func (t *Tally) requests() int { return t.Issued + t.Refused }

// HourActivity is an hour's.
type HourActivity struct {
	Start time.Time `json:"start"`
	Tally
}

// ApplicationActivity is that of one client, or of all that were not known: those have no ID.
type ApplicationActivity struct {
	ClientID string `json:"client_id,omitzero"`
	// ClientName is the newest.
	ClientName string `json:"client_name,omitzero"`
	Tally

	newest time.Time
}

// APIActivity is that of one audience, whether or not there is such an API, or of the requests without one.
type APIActivity struct {
	Audience string `json:"audience,omitzero"`
	Tally
}

// Refusals are requests of one client for one audience that were refused for one reason.
type Refusals struct {
	Description string    `json:"description"`
	ClientID    string    `json:"client_id,omitzero"`
	ClientName  string    `json:"client_name,omitzero"`
	Audience    string    `json:"audience,omitzero"`
	Count       int       `json:"count"`
	Newest      time.Time `json:"newest"`
}

const (
	// maxActive bounds the applications and the APIs that are listed.
	maxActive = 1000
	// maxRefusals bounds the reasons that are listed: some repeat what a caller sent.
	maxRefusals = 100
)

// NewActivity sums up what a store has counted between from and to; most is how many records it counts at most.
func NewActivity(from, to time.Time, counts []tenant.TokenCount, most int) Activity {
	a := Activity{From: from, To: to, CountedFrom: from}
	hours := map[int]*HourActivity{}
	applications := map[string]*ApplicationActivity{}
	apis := map[string]*APIActivity{}
	oldest := to
	for _, c := range counts {
		a.add(c)
		entry(hours, c.Hour, HourActivity{Start: from.Add(time.Duration(c.Hour) * time.Hour)}).add(c)
		if c.Other {
			a.Other.add(c)
		} else {
			entry(apis, c.Audience, APIActivity{Audience: c.Audience}).add(c)
		}
		application := entry(applications, c.ClientID, ApplicationActivity{ClientID: c.ClientID})
		application.add(c)
		if c.ClientID != "" && c.Newest.After(application.newest) {
			application.ClientName, application.newest = c.ClientName, c.Newest
		}
		if c.Oldest.Before(oldest) {
			oldest = c.Oldest
		}
	}
	if a.requests() >= most {
		a.CountedFrom = oldest
	}
	a.Hours = listed(hours, len(hours), func(x, y HourActivity) int { return x.Start.Compare(y.Start) })
	a.Applications = listed(applications, maxActive, func(x, y ApplicationActivity) int {
		return cmp.Or(y.requests()-x.requests(), cmp.Compare(x.ClientID, y.ClientID))
	})
	a.APIs = listed(apis, maxActive, func(x, y APIActivity) int {
		return cmp.Or(y.requests()-x.requests(), cmp.Compare(x.Audience, y.Audience))
	})
	a.Refusals = refusals(counts)
	return a
}

// refusals leaves the hour, and former names of the client, out of what tells them apart.
func refusals(counts []tenant.TokenCount) []Refusals {
	type key struct{ description, clientID, audience string }
	all := map[key]*Refusals{}
	for _, c := range counts {
		if c.Type != tenant.LogTokenRefused || c.Other {
			continue
		}
		r := entry(all, key{c.Description, c.ClientID, c.Audience}, Refusals{Description: c.Description, ClientID: c.ClientID, Audience: c.Audience})
		r.Count += c.Count
		if c.Newest.After(r.Newest) {
			r.ClientName, r.Newest = c.ClientName, c.Newest
		}
	}
	return listed(all, maxRefusals, func(x, y Refusals) int {
		return cmp.Or(y.Count-x.Count, y.Newest.Compare(x.Newest), cmp.Compare(x.Description, y.Description),
			cmp.Compare(x.ClientID, y.ClientID), cmp.Compare(x.Audience, y.Audience))
	})
}

func entry[K comparable, V any](all map[K]*V, key K, fresh V) *V {
	if all[key] == nil {
		all[key] = &fresh
	}
	return all[key]
}

func listed[K comparable, V any](all map[K]*V, most int, order func(x, y V) int) []V {
	list := make([]V, 0, len(all))
	for _, v := range all {
		list = append(list, *v)
	}
	slices.SortFunc(list, order)
	return list[:min(most, len(list))]
}
