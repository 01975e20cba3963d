package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"
	"github.com/writ-auth/writ/internal/admin"
	"github.com/writ-auth/writ/internal/admission"
	"github.com/writ-auth/writ/internal/clientauth"
	"github.com/writ-auth/writ/internal/discovery"
	"github.com/writ-auth/writ/internal/domains"
	"github.com/writ-auth/writ/internal/grant"
	"github.com/writ-auth/writ/internal/limit"
	"github.com/writ-auth/writ/internal/mgmt"
	"github.com/writ-auth/writ/internal/middleware"
	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
	"github.com/writ-auth/writ/internal/token"
	"github.com/writ-auth/writ/internal/web"
)

// keyPool is how many RSA keys wait ready for new tenants and rotations: making one takes hundreds of milliseconds.
const keyPool = 4

// Server is a running writ.
type Server struct {
	cfg      Config
	log      *slog.Logger
	db       *store.DB
	keys     *signing.Generator
	instance tenant.Instance
	serving  *flock.Flock // of a SQLite directory, shared by those that serve it; nil = PostgreSQL
	proxies  middleware.Proxies
	resolver *domains.Resolver
	certs    domains.Certificates
	metrics  *metrics
	engine   signing.Selection
	gate     *admission.Gate

	token     *token.Handler
	mgmt      *mgmt.API
	discovery *discovery.Handler
	desk      *admin.Desk
	console   *web.Console

	listeners   []*listener
	connections *connections
	draining    atomic.Bool
	stop        context.CancelFunc // ends what runs beside the listeners
	failed      chan error         // a listener that ended by itself
}

// Start opens the store, binds the listeners and serves. On an error nothing is left running.
// Stop it with Drain.
func Start(ctx context.Context, cfg Config, log *slog.Logger) (*Server, error) {
	s := &Server{cfg: cfg, log: log, metrics: newMetrics(), failed: make(chan error, 1)}
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(err, s.release())
	}
	return s, nil
}

// Run serves until ctx ends or a listener fails, then drains.
func Run(ctx context.Context, cfg Config, log *slog.Logger) error {
	s, err := Start(ctx, cfg, log)
	if err != nil {
		return err
	}
	tuneMemory()
	return s.Wait(ctx)
}

// Wait blocks until ctx ends or a listener fails, then drains.
func (s *Server) Wait(ctx context.Context) error {
	var failure error
	select {
	case <-ctx.Done():
	case failure = <-s.failed:
	}
	return errors.Join(failure, s.Drain())
}

func (s *Server) start(ctx context.Context) (err error) {
	if s.engine, err = signing.SelectEngine(s.cfg.Signer); err != nil {
		return fmt.Errorf("--signer: %w", err)
	}
	dir, err := OpenDataDir(s.cfg, s.log)
	if err != nil {
		return err
	}
	s.gate = admission.New(runtime.GOMAXPROCS(0), s.engine.SignatureTime)
	if s.db, err = openStore(ctx, s.cfg, dir, s.gate.UnderWay, s.log); err != nil {
		return err
	}
	s.keys = signing.NewGenerator(signing.GeneratorConfig{Pool: keyPool, RSAKeys: s.cfg.RSAKeys})
	if s.proxies, err = middleware.ParseProxies(s.cfg.TrustedProxies); err != nil {
		return err
	}
	if err := s.bind(); err != nil {
		return err
	}
	if err := s.settleInstance(ctx); err != nil {
		return err
	}
	if err := s.ensureDefaultTenant(ctx); err != nil {
		return err
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	s.resolver = domains.NewResolver(s.db.Snapshots(), s.instance)
	if s.certs, err = s.certificates(background, dir); err != nil {
		return err
	}
	s.compose()
	s.connections = newConnections(s.log, s.proxies, s.metrics.connectionClosed)
	s.serve()
	s.log.InfoContext(ctx, "writ is ready", "domain", domains.BaseAuthority(s.instance), "tenant", s.instance.DefaultTenant,
		"listeners", s.addresses(), "signer", s.engine)
	s.announceSetUp(ctx)
	return nil
}

// compose makes the handlers. Every dependency of the token path stands in these lines.
func (s *Server) compose() {
	snapshots := s.db.Snapshots()
	signer := signing.New(signing.Config{
		Store: keyStore{snapshots, s.db}, Generator: s.keys, Now: s.now, Engine: s.engine.Engine, Signed: s.metrics.Signed,
	})
	s.metrics.watch(s.engine, signer, s.gate)
	if s.cfg.PostgreSQL() != "" {
		s.metrics.watchClock(s.db.ClockSkew)
	}
	// Apart from the token path, nothing is decided or published by keys that another node has replaced.
	verifier := signing.New(signing.Config{Store: currentKeys{keyStore{snapshots, s.db}}, Generator: s.keys, Now: s.now})
	s.desk = newDesk(s.db, s.keys, s.instance, s.now, s.log)
	s.token = &token.Handler{
		Admission: s.gate,
		Clients:   clientauth.New(snapshots),
		Grants:    grant.New(snapshots),
		Limits:    limit.NewTraffic(snapshots, limit.NewTokenLimits(snapshots, s.db, s.db), s.now),
		Actions:   snapshots,
		Signer:    signer,
		Records:   s.db,
		Now:       s.now,
		Log:       s.log,
		Metrics:   s.metrics,
	}
	s.mgmt = mgmt.New(mgmt.Config{
		Store: s.db, Signer: verifier, Generator: s.keys, Now: s.now, Logger: s.log, BaseDomain: s.instance.BaseDomain,
		Limits: s.cfg.APILimits, Operators: s.desk, Explainer: s.token, Prover: domains.Unproven{},
	})
	s.discovery = &discovery.Handler{Keys: verifier, Settings: snapshots, Logger: s.log}
	s.console = s.newConsole(verifier)
}

// certificates chooses where TLS certificates come from: files if they are configured, else leaves of the local CA.
func (s *Server) certificates(ctx context.Context, dir *DataDir) (domains.Certificates, error) {
	if s.cfg.TLSCert == "" {
		return domains.NewLeaves(dir.CA, s.resolver, time.Now), nil
	}
	files, err := domains.OpenFiles(s.cfg.TLSCert, s.cfg.TLSKey, s.log, time.Now)
	if err != nil {
		return nil, err
	}
	go files.Watch(ctx)
	return files, nil
}

// ensureDefaultTenant makes the default tenant on a laptop's first start, so that localhost answers at once. Elsewhere tenants
// are made by hand; a default tenant that was deleted stays deleted.
func (s *Server) ensureDefaultTenant(ctx context.Context) error {
	name := s.instance.DefaultTenant
	if name == "" || s.instance.BaseDomain != localhost {
		return nil
	}
	_, err := s.db.Tenants().Get(ctx, name)
	if err == nil || !errors.Is(err, tenant.ErrNotFound) {
		return err
	}
	err = createTenant(ctx, s.db, s.keys, s.instance, admin.NewTenant{Name: name, Environment: tenant.Development}, time.Now(), nil)
	switch {
	case errors.Is(err, tenant.ErrExists): // another process was quicker
		return nil
	case errors.Is(err, tenant.ErrTombstoned):
		s.log.WarnContext(ctx, "the default tenant was deleted and is not made again; name another with --default-tenant", "tenant", name)
		return nil
	case err != nil:
		return fmt.Errorf("create the default tenant: %w", err)
	}
	s.log.InfoContext(ctx, "created the default tenant", "tenant", name)
	return nil
}

// Instance tells how this server is reached.
func (s *Server) Instance() tenant.Instance { return s.instance }

// PlainPort is the port of the plain HTTP listener; 0 if there is none.
func (s *Server) PlainPort() int { return s.ports().http }

// Drain ends the server. For DrainDelay it goes on taking requests, while /readyz says that it stops and each answer ends its
// connection, so that nobody sends a request on one that is being closed. Then no new connections, requests under way are finished (at
// most for DrainTimeout), the store is closed.
func (s *Server) Drain() error {
	s.draining.Store(true)
	time.Sleep(s.cfg.DrainDelay)
	ctx, cancel := context.WithTimeout(context.Background(), s.cfg.DrainTimeout)
	defer cancel()
	errs := make([]error, len(s.listeners))
	done := make(chan struct{})
	for i, l := range s.listeners {
		go func() {
			errs[i] = l.shutdown(ctx)
			done <- struct{}{}
		}()
	}
	for range s.listeners {
		<-done
	}
	s.log.Info("drained")
	return errors.Join(errors.Join(errs...), s.release())
}

// release frees what start took, in the opposite order. Safe after a start that failed half-way.
func (s *Server) release() error {
	var errs []error
	for _, l := range s.listeners {
		errs = append(errs, l.close())
	}
	if s.stop != nil {
		s.stop()
	}
	if s.keys != nil {
		s.keys.Close()
	}
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	if s.serving != nil {
		errs = append(errs, s.serving.Close())
	}
	return errors.Join(errs...)
}

// now is the clock of tokens.
func (s *Server) now() time.Time {
	if s.cfg.Now != nil {
		return s.cfg.Now()
	}
	return time.Now()
}

// guard is what every request passes before a route is looked at.
func (s *Server) guard(next http.Handler) http.Handler {
	next = middleware.Recover(s.log, s.writeFault, cleanPath(next))
	next = middleware.AccessLog(s.log, time.Now, next)
	next = middleware.SecurityHeaders(next)
	next = middleware.LastAnswers(s.draining.Load, next)
	return middleware.Identify(tenant.NewRequestID, s.proxies, next)
}
