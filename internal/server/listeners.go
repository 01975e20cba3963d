package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/writ-auth/writ/internal/domains"
)

// Time-outs of every phase of a connection, so that a slow or silent caller costs a bounded time.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 60 * time.Second
	idleTimeout   = 120 * time.Second
	// maxHeaderBytes leaves room for a Management API token with all scopes, about 9 kB.
	maxHeaderBytes = 64 << 10
)

// listener is one bound address with the HTTP server behind it.
type listener struct {
	name   string // http, https or listen, for messages
	tls    bool
	tenant string // of --listen
	net    net.Listener
	http   *http.Server
}

func (l *listener) port() int { return l.net.Addr().(*net.TCPAddr).Port }

// bind takes every address first, so that a taken port stops the start before anything else has happened.
func (s *Server) bind() error {
	type address struct {
		listener
		addr string
	}
	var wanted []address
	if s.cfg.HTTPS != "" {
		wanted = append(wanted, address{listener{name: "https", tls: true}, s.cfg.HTTPS})
	}
	if s.cfg.HTTP != "" {
		wanted = append(wanted, address{listener{name: "http"}, s.cfg.HTTP})
	}
	for _, pair := range s.cfg.Listen {
		wanted = append(wanted, address{listener{name: "listen", tls: true, tenant: pair.Tenant}, pair.Addr})
	}
	var errs []error
	for _, w := range wanted {
		bound, err := net.Listen("tcp", w.addr)
		if err != nil {
			errs = append(errs, fmt.Errorf("--%s: %w", w.name, err))
			continue
		}
		l := w.listener
		l.net = bound
		s.listeners = append(s.listeners, &l)
	}
	return errors.Join(errs...)
}

// boundPorts are the ports of the listeners; a configured port may be 0, a bound one never is.
type boundPorts struct {
	https, http int
	listen      map[int]string // port -> tenant
}

// ports are those that were really bound.
func (s *Server) ports() boundPorts {
	ports := boundPorts{listen: map[int]string{}}
	for _, l := range s.listeners {
		switch l.name {
		case "https":
			ports.https = l.port()
		case "http":
			ports.http = l.port()
		default:
			ports.listen[l.port()] = l.tenant
		}
	}
	return ports
}

func (s *Server) addresses() string {
	var all []string
	for _, l := range s.listeners {
		scheme := "http://"
		if l.tls {
			scheme = "https://"
		}
		all = append(all, scheme+l.net.Addr().String())
	}
	return strings.Join(all, " ")
}

// serve starts an HTTP server on every bound address.
func (s *Server) serve() {
	public, private := s.guard(s.publicRoutes()), s.guard(s.privateRoutes())
	for _, l := range s.listeners {
		bounded := boundedListener{l.net, s.connections, l.tls}
		l.http = &http.Server{
			Handler:           private,
			ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
			MaxHeaderBytes: maxHeaderBytes,
			ConnState:      bounded.note,
			ErrorLog:       slog.NewLogLogger(s.log.Handler(), slog.LevelDebug), // handshakes that callers broke off
		}
		if l.tls {
			l.http.Handler = public
			l.http.TLSConfig = domains.TLSConfig(s.certs)
		}
		go s.run(l, bounded)
	}
}

func (s *Server) run(l *listener, bounded boundedListener) {
	var err error
	if l.tls {
		err = l.http.ServeTLS(bounded, "", "")
	} else {
		err = l.http.Serve(bounded)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return
	}
	select {
	case s.failed <- fmt.Errorf("listener --%s: %w", l.name, err):
	default: // another failure is being reported already
	}
}

func (l *listener) shutdown(ctx context.Context) error {
	if l.http == nil {
		return nil
	}
	if err := l.http.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("--%s: requests were cut off after the drain timeout: %w", l.name, err), l.http.Close())
	}
	return nil
}

// close frees the address where no server has taken it over.
func (l *listener) close() error {
	if l.http != nil {
		return nil
	}
	return l.net.Close()
}
