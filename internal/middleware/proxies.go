package middleware

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
)

// Headers that a reverse proxy adds. RFC 7239's Forwarded is not read: a proxy that passes it on unchecked beside its own
// X-Forwarded-For would let callers choose their address.
const (
	headerForwardedFor   = "X-Forwarded-For"
	headerForwardedHost  = "X-Forwarded-Host"
	headerForwardedProto = "X-Forwarded-Proto"
	headerForwarded      = "Forwarded"
)

// Proxies are the networks whose forwarded headers count. None by default.
type Proxies []netip.Prefix

// ParseProxies reads addresses (10.0.0.7) and networks (10.0.0.0/8, fd00::/8).
func ParseProxies(list []string) (Proxies, error) {
	var proxies Proxies
	for _, s := range list {
		s = strings.TrimSpace(s)
		if addr, err := netip.ParseAddr(s); err == nil && addr.Zone() == "" {
			addr = addr.Unmap()
			proxies = append(proxies, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		prefix, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("%q is neither an address nor a network such as 10.0.0.0/8", s)
		}
		if prefix.Addr().Is4In6() {
			return nil, fmt.Errorf("%q is an IPv4 network in IPv6 form: write it as IPv4", s)
		}
		if masked := prefix.Masked(); masked != prefix {
			return nil, fmt.Errorf("%q has bits beyond its length: did you mean %s?", s, masked)
		}
		proxies = append(proxies, prefix)
	}
	return proxies, nil
}

// Trust reports whether addr is a trusted proxy.
func (p Proxies) Trust(addr netip.Addr) bool {
	addr = addr.Unmap()
	for _, prefix := range p {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// PeerIP is the address at the other end of the connection, whatever headers say; the zero Addr if there is none.
func PeerIP(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return peer.Addr().Unmap().WithZone("")
}

// clientIP walks X-Forwarded-For from the right, where the nearest proxy wrote, past trusted proxies to the first address
// that is none. What lies left of it is the caller's word and counts for nothing. A malformed entry ends the walk at the
// proxy that passed it on.
func (p Proxies) clientIP(peer netip.Addr, forwardedFor []string) netip.Addr {
	ip := peer
	for line := len(forwardedFor) - 1; line >= 0; line-- {
		rest := forwardedFor[line]
		for more := true; more; {
			var entry string
			rest, entry, more = cutLast(rest)
			if !p.Trust(ip) {
				return ip
			}
			hop, ok := parseHop(entry)
			if !ok {
				return ip
			}
			ip = hop
		}
	}
	return ip
}

// cutLast takes the last element off a comma-separated list.
func cutLast(list string) (rest, last string, more bool) {
	if i := strings.LastIndexByte(list, ','); i >= 0 {
		return list[:i], strings.TrimSpace(list[i+1:]), true
	}
	return "", strings.TrimSpace(list), false
}

// parseHop reads 192.0.2.1, 192.0.2.1:4711, 2001:db8::1 and [2001:db8::1]:4711: proxies write all of them.
func parseHop(s string) (netip.Addr, bool) {
	bare := s
	if inner, ok := strings.CutPrefix(s, "["); ok && strings.HasSuffix(inner, "]") {
		bare = strings.TrimSuffix(inner, "]")
	}
	addr, err := netip.ParseAddr(bare)
	if err != nil {
		withPort, err := netip.ParseAddrPort(s)
		if err != nil {
			return netip.Addr{}, false
		}
		addr = withPort.Addr()
	}
	if addr.Zone() != "" || addr.IsUnspecified() {
		return netip.Addr{}, false
	}
	return addr.Unmap(), true
}

// applyForwarded makes the request say what its headers may be believed to say. From a trusted peer the Host is the one
// forwarded and X-Forwarded-Proto stays; from any other peer forwarded headers are removed, so that nothing behind can
// believe them by mistake. Where a header has many values, the last is the nearest proxy's.
func (p Proxies) applyForwarded(r *http.Request, peer netip.Addr) {
	delete(r.Header, headerForwarded)
	if !p.Trust(peer) {
		delete(r.Header, headerForwardedFor)
		delete(r.Header, headerForwardedHost)
		delete(r.Header, headerForwardedProto)
		return
	}
	if host := lastValue(r.Header[headerForwardedHost]); host != "" {
		r.Host = host
	}
	if proto := lastValue(r.Header[headerForwardedProto]); proto != "" {
		r.Header[headerForwardedProto] = []string{strings.ToLower(proto)}
	}
}

func lastValue(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	_, last, _ := cutLast(lines[len(lines)-1])
	return last
}

// HTTPS reports whether the caller came over https: to us, or to the trusted proxy before us. Only behind Identify.
func HTTPS(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get(headerForwardedProto) == "https"
}
