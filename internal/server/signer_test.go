package server_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/server"
	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/testenv"
)

// What signs is in the log line of the start and in the metrics, and it signs.
func TestSigner(t *testing.T) {
	for _, choice := range []string{signing.EngineAuto, signing.EngineGo, signing.EngineOpenSSL} {
		t.Run(choice, func(t *testing.T) {
			want, err := signing.SelectEngine(choice)
			if err != nil {
				t.Skip("this machine has no such signer:", err)
			}
			env := testenv.New(t, func(cfg *server.Config) { cfg.Signer = choice })
			env.ManagementToken()
			logged := env.Log.String()
			for _, text := range []string{`"signer":{"name":"`, `"version":"`, `"go":"`} {
				if !strings.Contains(logged, text) {
					t.Errorf("the log of the start lacks %s", text)
				}
			}
			metrics := string(env.Do(http.MethodGet, "http://127.0.0.1:"+strconv.Itoa(env.Server.PlainPort())+"/metrics", "").Body)
			lines := []string{"writ_signatures_waiting 0", `writ_signature_seconds_count{alg="RS256"} 1`, `writ_signature_seconds_count{alg="EdDSA"} 0`}
			if choice != signing.EngineAuto { // which may choose otherwise another time
				lines = append(lines, `writ_signer_info{signer="`+want.Name+`",version="`+want.Version+`"} 1`)
			}
			for _, line := range lines {
				if !strings.Contains(metrics, line+"\n") {
					t.Errorf("/metrics lacks %s", line)
				}
			}
		})
	}
}

// A signer that is asked for by name and cannot be used is no reason to take another one in silence.
func TestASignerThatCannotBeUsedEndsTheStart(t *testing.T) {
	if _, err := signing.SelectEngine(signing.EngineOpenSSL); err == nil {
		t.Skip("OpenSSL can be used here: nothing to refuse; the case runs with CGO_ENABLED=0")
	}
	cfg := testenv.Config(t)
	cfg.Signer = signing.EngineOpenSSL
	s, err := server.Start(t.Context(), cfg, testenv.Quiet())
	if err == nil || !strings.Contains(err.Error(), "--signer: the signer openssl cannot be used: openssl: ") {
		t.Errorf("started: %t, err %v", s != nil, err)
	}
}
