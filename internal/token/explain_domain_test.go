package token_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/testenv"
)

// The Management API answers to its name under the domain that was called, and so does the explanation of what was refused there.
func TestExplainUnderTheDomainThatWasCalled(t *testing.T) {
	env := testenv.New(t)
	alias := strings.Replace(env.Tenant.Domain, "localhost", env.Tenant.Name+".localhost", 1)
	client := env.API(http.MethodPost, "clients", map[string]any{"name": "job"}, 201).JSON(t)
	res := env.Token(alias, client["client_id"].(string), client["client_secret"].(string), "https://"+alias+"/api/v2/")
	if res.Status != 403 {
		t.Fatalf("%d %s", res.Status, res.Body)
	}
	var logs []struct {
		LogID string `json:"log_id"`
	}
	if err := json.Unmarshal(env.API(http.MethodGet, "logs?q=type:feccft", nil, 200).Body, &logs); err != nil || len(logs) != 1 {
		t.Fatal(err, logs)
	}
	var e struct {
		Decisions []struct{ Name, Outcome string }
	}
	if err := json.Unmarshal(env.API(http.MethodPost, "writ/explain", map[string]any{"log_id": logs[0].LogID}, 200).Body, &e); err != nil {
		t.Fatal(err)
	}
	for _, d := range e.Decisions {
		if d.Outcome == "failed" && d.Name != "grant" {
			t.Errorf("%s failed, want grant", d.Name)
		}
	}
}
