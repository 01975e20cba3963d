package domains

import (
	"crypto/tls"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// maxLeaves bounds the cache: more known hosts than that are served, but some get a new leaf now and then.
const maxLeaves = 4096

// Leaves serves one certificate of the local CA per known host, made when first asked for. Safe for concurrent use.
type Leaves struct {
	ca       *CA
	resolver *Resolver
	now      func() time.Time

	mu     sync.Mutex // guards byHost
	byHost map[string]*tls.Certificate
}

// NewLeaves issues leaves of ca for the hosts that resolver knows. Nodes with copies of one CA each issue their own.
func NewLeaves(ca *CA, resolver *Resolver, now func() time.Time) *Leaves {
	return &Leaves{ca: ca, resolver: resolver, now: now, byHost: make(map[string]*tls.Certificate)}
}

// GetCertificate is for tls.Config. A connection without SNI gets the leaf of the base domain, over loopback that of
// localhost (which holds 127.0.0.1 and ::1). For an unknown host it returns nil, nil, which crypto/tls answers with the
// alert unrecognized_name (RFC 6066 section 3).
func (l *Leaves) GetCertificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	host := strings.ToLower(hello.ServerName)
	if host == "" {
		return l.leaf(l.hostWithoutSNI(hello.Conn))
	}
	known, err := l.resolver.Serves(hello.Context(), host)
	if err != nil {
		// With the store gone a caller should still read a 503, which takes a handshake.
		return l.cached(host), nil
	}
	if !known {
		return nil, nil
	}
	return l.leaf(host)
}

// Ready reports whether the base domain can be served.
func (l *Leaves) Ready() error {
	_, err := l.leaf(l.resolver.BaseDomain())
	return err
}

func (l *Leaves) hostWithoutSNI(conn net.Conn) string {
	if conn != nil {
		local, err := netip.ParseAddrPort(conn.LocalAddr().String())
		if err == nil && local.Addr().Unmap().IsLoopback() {
			return localhost
		}
	}
	return l.resolver.BaseDomain()
}

func (l *Leaves) leaf(host string) (*tls.Certificate, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if leaf, ok := l.byHost[host]; ok && leaf.Leaf.NotAfter.Sub(now) >= leafRenewBefore {
		return leaf, nil
	}
	leaf, err := l.ca.Leaf(host, now)
	if err != nil {
		return nil, err
	}
	if len(l.byHost) >= maxLeaves {
		for evicted := range l.byHost { // any one: all are equally cheap to make again
			delete(l.byHost, evicted)
			break
		}
	}
	l.byHost[host] = leaf
	return leaf, nil
}

func (l *Leaves) cached(host string) *tls.Certificate {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.byHost[host]
}
