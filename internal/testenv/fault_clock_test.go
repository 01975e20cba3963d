package testenv_test

import (
	"encoding/json"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/server"
	"github.com/writ-auth/writ/internal/testenv"
)

// TestFaultClockJumps: when the clock is set forward and back, iat never runs backwards, log ids never run back, and tokens stay valid
// for as long as they say. A process has no clock of its own to set, so this server is in the test's process and gets an injected one.
func TestFaultClockJumps(t *testing.T) {
	var ahead atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())).Round(0) } // no monotonic time to fall back on
	env := testenv.New(t, func(c *server.Config) { c.Now = now })
	const audience = "https://clock.example.com"
	env.API(http.MethodPost, "resource-servers", map[string]any{"identifier": audience}, 201)
	client := env.API(http.MethodPost, "clients", map[string]any{"name": "job"}, 201).JSON(t)
	id, secret := client["client_id"].(string), client["client_secret"].(string)
	env.API(http.MethodPost, "client-grants", map[string]any{"client_id": id, "audience": audience, "scope": []string{}}, 201)

	var bearers []string // of the Management API, from before each jump
	var lastIssued float64
	newest := newestLogID(t, env)
	for _, jump := range []time.Duration{0, time.Hour, -time.Hour, -time.Hour, 2 * time.Hour, -3 * time.Hour, 2 * time.Hour} {
		ahead.Add(int64(jump))
		bearers = append(bearers, env.ManagementToken())
		for range 3 {
			res := env.Token(env.Tenant.Domain, id, secret, audience)
			token, _ := res.JSON(t)["access_token"].(string)
			if res.Status != http.StatusOK || token == "" {
				t.Fatalf("after a jump of %s: %d %s", jump, res.Status, res.Body)
			}
			claims := testenv.Claims(t, token)
			iat, exp := claims["iat"].(float64), claims["exp"].(float64)
			if iat < lastIssued {
				t.Errorf("after a jump of %s iat runs back, from %.0f to %.0f", jump, lastIssued, iat)
			}
			if lastIssued = iat; exp-iat != 86400 {
				t.Errorf("after a jump of %s a token lives for %g s", jump, exp-iat)
			}
		}
		for i, bearer := range bearers {
			res := env.Do(http.MethodGet, "https://"+env.Tenant.Domain+"/api/v2/clients?per_page=1", "", "Authorization", "Bearer "+bearer)
			if res.Status != http.StatusOK {
				t.Errorf("after a jump of %s the token of jump %d: %d %s", jump, i, res.Status, res.Body)
			}
		}
		if res := env.Do(http.MethodGet, "https://"+env.Tenant.Domain+"/readyz", ""); res.Status != http.StatusOK {
			t.Errorf("after a jump of %s: readyz %d %s", jump, res.Status, res.Body)
		}
	}
	ids := 0
	for _, n := range recordsAfter(t, env, newest, id) { // which fails if an id is not above the one before
		ids += n
	}
	if ids != 21 {
		t.Errorf("%d records of 21 tokens", ids)
	}
	var items []struct {
		Date string `json:"date"`
	}
	if err := json.Unmarshal(env.API(http.MethodGet, "logs?per_page=100", nil, 200).Body, &items); err != nil || len(items) == 0 {
		t.Errorf("the log as a list: %d records, %v", len(items), err)
	}
}
