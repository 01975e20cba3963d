package server_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/testenv"
)

// BenchmarkToken is the whole token path behind the network, durable record included: many requests at once, as the batcher likes it.
func BenchmarkToken(b *testing.B) {
	env := testenv.New(b)
	handler := env.Server.PlainHandler()
	for _, alg := range []string{"HS256", "ES256", "RS256"} {
		audience := "https://bench.example.com/" + alg
		env.API(http.MethodPost, "resource-servers", map[string]any{"identifier": audience, "signing_alg": alg, "scopes": []map[string]string{{"value": "go"}}}, 201)
		client := env.API(http.MethodPost, "clients", map[string]any{"name": "bench"}, 201).JSON(b)
		env.API(http.MethodPost, "client-grants", map[string]any{"client_id": client["client_id"], "audience": audience, "scope": []string{"go"}}, 201)
		form := url.Values{"grant_type": {"client_credentials"}, "audience": {audience},
			"client_id": {client["client_id"].(string)}, "client_secret": {client["client_secret"].(string)}}.Encode()
		b.Run(alg, func(b *testing.B) {
			b.ReportAllocs()
			b.SetParallelism(32)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					r := httptest.NewRequest(http.MethodPost, "http://"+plainAuthority(env)+"/oauth/token", strings.NewReader(form))
					r.RemoteAddr = "127.0.0.1:4711"
					r.Header.Set("Content-Type", formType)
					w := httptest.NewRecorder()
					if handler.ServeHTTP(w, r); w.Code != http.StatusOK {
						b.Errorf("%d %s", w.Code, w.Body)
						return
					}
				}
			})
		})
	}
}
