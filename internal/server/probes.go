package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/writ-auth/writ/internal/domains"
	"github.com/writ-auth/writ/internal/tenant"
)

// probeTimeout bounds a readiness check.
const probeTimeout = 3 * time.Second

// probes answer on any host: whoever asks is a machine that knows the address and nothing else.
func (s *Server) probes(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		writeProbe(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), probeTimeout)
		defer cancel()
		if err := s.ready(ctx); err != nil {
			writeProbe(w, http.StatusServiceUnavailable, map[string]string{"status": "not ready", "reason": err.Error()})
			return
		}
		writeProbe(w, http.StatusOK, map[string]string{"status": "ready"})
	})
}

// localhost is the base domain of a laptop.
const localhost = "localhost"

func writeProbe(w http.ResponseWriter, status int, body map[string]string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body) // the prober may have gone
}

// ready says why this node should get no requests: draining, no store, no certificate, or a default tenant that is not there or
// has no keys.
func (s *Server) ready(ctx context.Context) error {
	if s.draining.Load() {
		return errors.New("draining")
	}
	if err := s.db.Ready(ctx); err != nil {
		return errors.New("the store does not answer")
	}
	if leaves, ok := s.certs.(*domains.Leaves); ok {
		if err := leaves.Ready(); err != nil {
			return errors.New("the local CA cannot issue certificates")
		}
	}
	return s.defaultTenantReady(ctx)
}

func (s *Server) defaultTenantReady(ctx context.Context) error {
	name := s.instance.DefaultTenant
	if name == "" {
		return nil
	}
	_, err := s.db.Snapshots().Tenant(ctx, name)
	if errors.Is(err, tenant.ErrNotFound) {
		return fmt.Errorf("the default tenant %q does not exist: writ tenant create %s, or name another with --default-tenant", name, name)
	}
	if err != nil {
		return errors.New("the store does not answer")
	}
	keys, err := s.db.Snapshots().SigningKeys(ctx, name)
	if err != nil || len(keys) == 0 {
		return fmt.Errorf("tenant %q has no signing keys", name)
	}
	return nil
}

// handler serves /metrics.
func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
