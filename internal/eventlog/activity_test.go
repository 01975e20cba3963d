package eventlog

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/tenant"
)

func TestActivity(t *testing.T) {
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }
	counts := []tenant.TokenCount{
		{Hour: 2, Type: "seccft", ClientID: "a", ClientName: "New name", Audience: "urn:x", Count: 3, Oldest: at(121), Newest: at(150)},
		{Hour: 0, Type: "seccft", ClientID: "a", ClientName: "Old name", Audience: "urn:x", Count: 1, Oldest: at(5), Newest: at(5)},
		{Hour: 2, Type: "feccft", ClientID: "b", ClientName: "B", Audience: "urn:x", Description: "no grant", Count: 2, Oldest: at(122), Newest: at(123)},
		{Hour: 0, Type: "feccft", ClientID: "b", ClientName: "Former B", Audience: "urn:x", Description: "no grant", Count: 3, Oldest: at(6), Newest: at(7)},
		{Hour: 0, Type: "feccft", Description: "Unauthorized", Count: 1, Oldest: at(8), Newest: at(8)},
	}
	got, err := json.MarshalIndent(NewActivity(noon, at(180), counts, 11), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	var compact, want any
	if err := json.Unmarshal(got, &compact); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(`{"from": "2026-11-23T12:00:00Z", "to": "2026-11-23T15:00:00Z", "counted_from": "2026-11-23T12:00:00Z",
		"issued": 4, "refused": 6,
		"hours": [{"start": "2026-11-23T12:00:00Z", "issued": 1, "refused": 4}, {"start": "2026-11-23T14:00:00Z", "issued": 3, "refused": 2}],
		"applications": [{"client_id": "b", "client_name": "B", "issued": 0, "refused": 5}, {"client_id": "a", "client_name": "New name", "issued": 4, "refused": 0},
			{"issued": 0, "refused": 1}],
		"apis": [{"audience": "urn:x", "issued": 4, "refused": 5}, {"issued": 0, "refused": 1}],
		"refusals": [{"description": "no grant", "client_id": "b", "client_name": "B", "audience": "urn:x", "count": 5, "newest": "2026-11-23T14:03:00Z"},
			{"description": "Unauthorized", "count": 1, "newest": "2026-11-23T12:08:00Z"}]}`), &want); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, compact); d != "" {
		t.Error(d)
	}
}

// Nothing is null, and what was not counted is said.
func TestActivityAtItsEnds(t *testing.T) {
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	text, err := json.Marshal(NewActivity(noon, noon.Add(time.Hour), nil, 5))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"from":"2026-11-23T12:00:00Z","to":"2026-11-23T13:00:00Z","counted_from":"2026-11-23T12:00:00Z","issued":0,"refused":0,` +
		`"hours":[],"applications":[],"apis":[],"refusals":[]}`
	if string(text) != want {
		t.Errorf("of nothing:\n%s\nwant\n%s", text, want)
	}
	var counts []tenant.TokenCount
	for i := range 2 * maxActive {
		counts = append(counts, tenant.TokenCount{Type: "feccft", ClientID: fmt.Sprint(i), Audience: fmt.Sprint(i), Description: fmt.Sprint(i), Count: 1,
			Oldest: noon.Add(time.Minute), Newest: noon.Add(time.Minute)})
	}
	a := NewActivity(noon, noon.Add(time.Hour), counts, len(counts))
	if len(a.Applications) != maxActive || len(a.APIs) != maxActive || len(a.Refusals) != maxRefusals {
		t.Errorf("%d applications, %d APIs, %d reasons", len(a.Applications), len(a.APIs), len(a.Refusals))
	}
	if a.Refused != len(counts) || !a.CountedFrom.Equal(noon.Add(time.Minute)) {
		t.Errorf("%d refused since %s", a.Refused, a.CountedFrom)
	}
}

// What was too much to tell apart is in the sums, and in no list of texts.
func TestActivityOfOthers(t *testing.T) {
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	a := NewActivity(noon, noon.Add(time.Hour), []tenant.TokenCount{
		{Type: "feccft", ClientID: "client-1", Audience: "urn:x", Description: "why", Count: 2, Oldest: noon, Newest: noon},
		{Type: "feccft", ClientID: "client-1", Count: 3, Other: true, Oldest: noon, Newest: noon},
		{Type: "seccft", ClientID: "client-1", Count: 4, Other: true, Oldest: noon, Newest: noon},
	}, 100)
	if a.Tally != (Tally{Issued: 4, Refused: 5}) || a.Applications[0].Tally != a.Tally || a.Hours[0].Tally != a.Tally || a.Other != (Tally{Issued: 4, Refused: 3}) {
		t.Errorf("sums: %+v", a)
	}
	if len(a.APIs) != 1 || a.APIs[0].Refused != 2 || len(a.Refusals) != 1 || a.Refusals[0].Count != 2 {
		t.Errorf("lists: %+v", a)
	}
}
