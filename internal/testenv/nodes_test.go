//go:build unix

package testenv_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/store/pgtest"
	"github.com/writ-auth/writ/internal/testenv"
	"github.com/writ-auth/writ/internal/testenv/race"
)

// lag is after how long no node may act on what another node has changed.
const lag = 2 * time.Second

// skipNodes leaves tests of several processes out where they tell nothing.
func skipNodes(t *testing.T) {
	if race.Enabled {
		t.Skip("other processes: left out under the race detector")
	}
}

// skipSlow leaves out, beside those, what takes long: `make check` runs it, as its volume stage.
func skipSlow(t *testing.T) {
	skipNodes(t)
	if os.Getenv("WRIT_VOLUME") == "" {
		t.Skip("takes long: set WRIT_VOLUME=1, or run make volume")
	}
}

// twoNodes are two processes of one installation, in each way that there is.
func twoNodes(t *testing.T, run func(t *testing.T, a, b *testenv.Process)) {
	skipNodes(t)
	t.Run("PostgreSQL", func(t *testing.T) {
		url := pgtest.URL(t)
		a := testenv.NewProcess(t, "--database", url)
		run(t, a, a.NewNode("--database", url))
	})
	t.Run("PostgreSQL without notifications", func(t *testing.T) {
		url := pgtest.URL(t) + "&writ_listen=off"
		a := testenv.NewProcess(t, "--database", url)
		run(t, a, a.NewNode("--database", url))
	})
	t.Run("SQLite, one directory", func(t *testing.T) {
		a := testenv.NewProcess(t)
		run(t, a, a.Beside())
	})
}

// mustIssue asks a node for a token that it must give.
func mustIssue(t *testing.T, p *testenv.Process, j job) string {
	t.Helper()
	a, err := request(t.Context(), p.HTTP, j, "go")
	if err != nil || a.status != http.StatusOK {
		t.Fatalf("token: %+v, %v", a, err)
	}
	return a.token
}

// refusedInTime asks a node for tokens until it refuses. A request that is sent when the lag is over must be refused.
func refusedInTime(t *testing.T, p *testenv.Process, j job, changed time.Time) {
	t.Helper()
	for {
		late := time.Since(changed) > lag
		a, err := request(t.Context(), p.HTTP, j, "go")
		switch {
		case err != nil:
			t.Fatal(err)
		case a.status == http.StatusUnauthorized || a.status == http.StatusForbidden || a.status == http.StatusTooManyRequests:
			return
		case late:
			t.Fatalf("a node answers %+v, %s after another node revoked that", a, time.Since(changed))
		case a.status != http.StatusOK:
			t.Fatalf("token: %+v", a)
		}
	}
}

// TestNodesRevoke: what is deleted, rotated or taken away on one node is refused on all within two seconds.
func TestNodesRevoke(t *testing.T) {
	twoNodes(t, func(t *testing.T, a, b *testenv.Process) {
		env := a.Env()
		for name, revoke := range map[string]func(j job){
			"a client is deleted": func(j job) { env.API(http.MethodDelete, "clients/"+j.clientID, nil, 204) },
			"its secret is rotated": func(j job) {
				env.API(http.MethodPost, "clients/"+j.clientID+"/rotate-secret", nil, 200)
			},
			"its grant is removed": func(j job) {
				var grants []struct {
					ID string `json:"id"`
				}
				body := env.API(http.MethodGet, "client-grants?client_id="+j.clientID, nil, 200).Body
				if err := json.Unmarshal(body, &grants); err != nil || len(grants) != 1 {
					t.Fatalf("grants: %v %s", err, body)
				}
				env.API(http.MethodDelete, "client-grants/"+grants[0].ID, nil, 204)
			},
		} {
			t.Run(name, func(t *testing.T) {
				j := newJob(t, env, "https://"+strings.ReplaceAll(name, " ", "-")+".example.com")
				mustIssue(t, a, j)
				mustIssue(t, b, j)
				mustIssue(t, b, j) // from memory
				revoke(j)
				changed := time.Now()
				if got, err := request(t.Context(), a.HTTP, j, "go"); err != nil || got.status == http.StatusOK {
					t.Errorf("the node itself: %+v, %v; want a refusal at once", got, err)
				}
				refusedInTime(t, b, j, changed)
			})
		}
	})
}

// TestNodesTrafficRules: a rate limit policy and a network ACL that are made on one node hold on all within two seconds.
func TestNodesTrafficRules(t *testing.T) {
	twoNodes(t, func(t *testing.T, a, b *testenv.Process) {
		env := a.Env()
		j := newJob(t, env, "https://rules.example.com")
		other := newJob(t, env, "https://other-rules.example.com")
		mustIssue(t, b, j)
		env.API(http.MethodPost, "rate-limit-policies", map[string]any{
			"resource": "oauth_authentication_api", "consumer": "client", "consumer_selector": "client_id:" + j.clientID,
			"configuration": map[string]any{"action": "block", "limit": 0},
		}, 201)
		refusedInTime(t, b, j, time.Now())
		mustIssue(t, b, other)
		env.API(http.MethodPost, "network-acls", map[string]any{ // the last call, for its own token would be refused
			"description": "nobody", "active": true, "priority": 1, "rule": map[string]any{
				"match": map[string]any{"ipv4_cidrs": []string{"127.0.0.0/8"}, "ipv6_cidrs": []string{"::1"}}, "scope": "authentication", "action": map[string]any{"block": true},
			},
		}, 201)
		changed := time.Now()
		if got, err := request(t.Context(), a.HTTP, other, "go"); err != nil || got.status != http.StatusForbidden {
			t.Errorf("the node itself: %+v, %v; want a refusal at once", got, err)
		}
		refusedInTime(t, b, other, changed)
	})
}

// TestNodesListKeysBeforeTheySign: whatever key a token of one node is signed with, every node's JWKS has it, and every node takes the
// token; after a rotation, after two in a row, and when a family of keys is made by its first token.
func TestNodesListKeysBeforeTheySign(t *testing.T) {
	twoNodes(t, func(t *testing.T, a, b *testenv.Process) {
		env := a.Env()
		plain := newJob(t, env, "https://keys.example.com")
		ec := newJob(t, env, "https://ec.example.com")
		seen := map[string]bool{}
		check := func(j job) {
			t.Helper()
			for _, signer := range []*testenv.Process{a, b} {
				kid := kidOf(t, mustIssue(t, signer, j))
				seen[kid] = true
				for _, reader := range []*testenv.Process{b, a} {
					if !listed(t, reader, kid) {
						t.Errorf("a node signs with %s, which another does not list", kid)
					}
				}
			}
		}
		rotate := func() { env.API(http.MethodPost, "keys/signing/rotate", nil, 201) }
		listed(t, b, "") // in memory
		check(plain)
		rotate()
		check(plain)
		rotate()
		rotate()
		check(plain)
		if len(seen) < 3 {
			t.Errorf("tokens were signed with %d keys, want at least 3", len(seen))
		}
		status := b.Env().Do(http.MethodGet, "https://"+env.Tenant.Domain+"/api/v2/clients?per_page=1", "", "Authorization", "Bearer "+env.ManagementToken()).Status
		if status != http.StatusOK {
			t.Errorf("a management token of one node is answered %d by the other", status)
		}
		var apis []struct {
			ID         string `json:"id"`
			Identifier string `json:"identifier"`
		}
		body := env.API(http.MethodGet, "resource-servers", nil, 200).Body
		if err := json.Unmarshal(body, &apis); err != nil {
			t.Fatal(err)
		}
		for _, api := range apis {
			if api.Identifier == ec.audience {
				env.API(http.MethodPatch, "resource-servers/"+api.ID, map[string]any{"signing_alg": "ES256"}, 200)
			}
		}
		time.Sleep(lag) // until every node knows of the algorithm
		check(ec)
	})
}

func kidOf(t *testing.T, token string) string {
	t.Helper()
	head, _, _ := strings.Cut(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(head)
	var header struct {
		KID string `json:"kid"`
	}
	if err == nil {
		err = json.Unmarshal(raw, &header)
	}
	if err != nil || header.KID == "" {
		t.Fatalf("header of %s: %v", token, err)
	}
	return header.KID
}

func listed(t *testing.T, p *testenv.Process, kid string) bool {
	t.Helper()
	res, err := p.HTTP.Get("https://" + p.Domain + "/.well-known/jwks.json")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var set struct {
		Keys []struct {
			KID string `json:"kid"`
		} `json:"keys"`
	}
	if err := json.NewDecoder(res.Body).Decode(&set); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("JWKS: %d %v", res.StatusCode, err)
	}
	for _, key := range set.Keys {
		if key.KID == kid {
			return true
		}
	}
	return false
}

// TestNodesShareWhatTheCommandLineMakes: commands work on the shared database, and every node answers as the new tenant at once.
func TestNodesShareWhatTheCommandLineMakes(t *testing.T) {
	twoNodes(t, func(t *testing.T, a, b *testenv.Process) {
		var info struct {
			Domain   string `json:"domain"`
			ClientID string `json:"client_id"`
			Secret   string `json:"client_secret"`
			Audience string `json:"audience"`
		}
		if err := json.Unmarshal(a.CLI("tenant", "create", "acme", "--json"), &info); err != nil {
			t.Fatal(err)
		}
		for _, p := range []*testenv.Process{a, b} {
			env := &testenv.Env{T: t, HTTP: p.HTTP}
			if res := env.Token(info.Domain, info.ClientID, info.Secret, info.Audience); res.Status != http.StatusOK {
				t.Errorf("token of the new tenant: %d %s", res.Status, res.Body)
			}
		}
	})
}

// TestNodesAgree: a node that would be reached otherwise, or that has another master key, does not start, and says how it would.
func TestNodesAgree(t *testing.T) {
	skipNodes(t)
	url := pgtest.URL(t)
	a := testenv.NewProcess(t, "--database", url)
	_, port, _ := strings.Cut(a.Domain, ":")
	serve := func(environ []string, args ...string) string {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, a.Path, append([]string{"serve", "--database", url, "--https", "127.0.0.1:0", "--http", "off"}, args...)...)
		cmd.Env = append(cmd.Environ(), environ...)
		out, err := cmd.CombinedOutput()
		if err == nil || ctx.Err() != nil {
			t.Fatalf("serve %v started:\n%s", args, out)
		}
		return string(out)
	}
	for _, c := range []struct {
		rule    string
		environ []string
		args    []string
		want    string
	}{
		{"another port", nil, []string{"--data", a.Dir}, `have "` + port + `": configure that, or give --public-port`},
		{"another base domain", []string{"WRIT_BASE_DOMAIN=auth.example.com"}, []string{"--data", a.Dir, "--public-port", port},
			`this node's base-domain is "auth.example.com", but the nodes that share this database have "localhost"`},
		{"another master key", nil, []string{"--data", t.TempDir(), "--public-port", port}, "the master key does not belong to this database"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			if said := serve(c.environ, c.args...); !strings.Contains(said, c.want) {
				t.Errorf("said %s\nwant %q", said, c.want)
			}
		})
	}
	t.Run("a flag changes it for all", func(t *testing.T) {
		b := a.NewNode("--database", url, "--listen", "127.0.0.1:0=acme")
		b.Kill()
		if said := serve(nil, "--data", a.Dir, "--public-port", port); !strings.Contains(said, "listen") {
			t.Errorf("the pairs of the other node are not shared: %s", said)
		}
	})
	t.Run("WRIT_MASTER_KEY does for a copy of the file", func(t *testing.T) {
		key := "WRIT_MASTER_KEY=" + masterKey(t, a)
		if said := serve([]string{key}, "--data", t.TempDir()); !strings.Contains(said, "--public-port") || strings.Contains(said, masterKey(t, a)) {
			t.Errorf("said %s", said)
		}
	})
}
