package middleware

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func mustProxies(t testing.TB, list ...string) Proxies {
	t.Helper()
	p, err := ParseProxies(list)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestParseProxies(t *testing.T) {
	p := mustProxies(t, "10.0.0.7", " 192.168.0.0/16", "fd00::/8", "::1", "::ffff:172.16.0.1")
	for addr, want := range map[string]bool{
		"10.0.0.7": true, "10.0.0.8": false, "192.168.3.4": true, "::ffff:192.168.3.4": true, "fd12::1": true, "::1": true, "::2": false,
		"172.16.0.1": true, "172.16.0.2": false,
	} {
		if got := p.Trust(netip.MustParseAddr(addr)); got != want {
			t.Errorf("Trust(%s) = %v", addr, got)
		}
	}
	if p.Trust(netip.Addr{}) || Proxies(nil).Trust(netip.MustParseAddr("127.0.0.1")) {
		t.Error("trusted by default")
	}
	for _, bad := range []string{"", "lb.internal", "10.0.0.1/8", "10.0.0.0/33", "::ffff:10.0.0.0/104", "fe80::1%eth0", "10.0.0.1:80"} {
		if _, err := ParseProxies([]string{bad}); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestClientIP(t *testing.T) {
	p := mustProxies(t, "10.0.0.0/8", "::1")
	for _, test := range []struct {
		rule, peer string
		lines      []string
		want       string
	}{
		{"no header -> the peer", "10.0.0.1", nil, "10.0.0.1"},
		{"untrusted peer -> the peer, whatever it says", "192.0.2.9", []string{"203.0.113.5"}, "192.0.2.9"},
		{"trusted peer -> what it wrote", "10.0.0.1", []string{"203.0.113.5"}, "203.0.113.5"},
		{"the caller's own entries count for nothing", "10.0.0.1", []string{"1.1.1.1, 10.9.9.9, 203.0.113.5"}, "203.0.113.5"},
		{"trusted hops are passed over", "10.0.0.1", []string{"203.0.113.5, 10.0.0.3, 10.0.0.2"}, "203.0.113.5"},
		{"many lines are one list", "10.0.0.1", []string{"1.1.1.1", "203.0.113.5,10.0.0.3", "10.0.0.2"}, "203.0.113.5"},
		{"all trusted -> the first", "10.0.0.1", []string{"10.0.0.5, 10.0.0.3"}, "10.0.0.5"},
		{"malformed -> the hop that passed it on", "10.0.0.1", []string{"203.0.113.5, unknown, 10.0.0.2"}, "10.0.0.2"},
		{"empty entry is malformed", "10.0.0.1", []string{"203.0.113.5,"}, "10.0.0.1"},
		{"empty line is malformed", "10.0.0.1", []string{""}, "10.0.0.1"},
		{"IPv4 with port", "10.0.0.1", []string{"203.0.113.5:4711"}, "203.0.113.5"},
		{"IPv6", "::1", []string{"2001:db8::7"}, "2001:db8::7"},
		{"IPv6 in brackets", "::1", []string{"[2001:db8::7]"}, "2001:db8::7"},
		{"IPv6 with port", "::1", []string{"[2001:db8::7]:4711"}, "2001:db8::7"},
		{"IPv4 in IPv6 is IPv4", "10.0.0.1", []string{"::ffff:203.0.113.5"}, "203.0.113.5"},
		{"IPv4 in IPv6 cannot hide a trusted hop", "10.0.0.1", []string{"203.0.113.5, ::ffff:10.0.0.2"}, "203.0.113.5"},
		{"zone is malformed", "10.0.0.1", []string{"fe80::1%eth0"}, "10.0.0.1"},
		{"unspecified is malformed", "10.0.0.1", []string{"0.0.0.0"}, "10.0.0.1"},
		{"half a bracket is malformed", "10.0.0.1", []string{"[2001:db8::7"}, "10.0.0.1"},
	} {
		if got := p.clientIP(netip.MustParseAddr(test.peer), test.lines); got.String() != test.want {
			t.Errorf("%s: %s, want %s", test.rule, got, test.want)
		}
	}
}

func TestPeerIP(t *testing.T) {
	for remote, want := range map[string]string{
		"192.0.2.1:5": "192.0.2.1", "[::1]:5": "::1", "[::ffff:192.0.2.1]:5": "192.0.2.1", "[fe80::1%eth0]:5": "fe80::1", "@": "invalid IP", "": "invalid IP",
	} {
		if got := PeerIP(&http.Request{RemoteAddr: remote}); got.String() != want {
			t.Errorf("PeerIP(%q) = %s, want %s", remote, got, want)
		}
	}
}

func TestForwardedHeaders(t *testing.T) {
	const trusted, untrusted = "10.0.0.1:1", "192.0.2.1:1"
	for _, test := range []struct {
		rule, peer string
		header     http.Header
		host       string
		https      bool
	}{
		{"none", trusted, http.Header{}, "direct", false},
		{"trusted", trusted, http.Header{"X-Forwarded-Host": {"public"}, "X-Forwarded-Proto": {"HTTPS"}}, "public", true},
		{"trusted, http", trusted, http.Header{"X-Forwarded-Proto": {"http"}}, "direct", false},
		{"the nearest proxy wrote last", trusted, http.Header{"X-Forwarded-Host": {"evil", "evil, public"}, "X-Forwarded-Proto": {"https, http"}}, "public", false},
		{"untrusted", untrusted, http.Header{"X-Forwarded-Host": {"evil"}, "X-Forwarded-Proto": {"https"}, "X-Forwarded-For": {"1.1.1.1"}}, "direct", false},
		{"Forwarded is not read", trusted, http.Header{"Forwarded": {"for=1.1.1.1;host=evil;proto=https"}}, "direct", false},
	} {
		r := httptest.NewRequest(http.MethodGet, "http://direct/", nil)
		r.RemoteAddr, r.Header = test.peer, test.header
		var seen *http.Request
		next := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = r })
		Identify(func() string { return "id" }, mustProxies(t, "10.0.0.0/8"), next).ServeHTTP(httptest.NewRecorder(), r)
		if seen.Host != test.host || HTTPS(seen) != test.https {
			t.Errorf("%s: host %q, https %v; want %q, %v", test.rule, seen.Host, HTTPS(seen), test.host, test.https)
		}
		if seen.Header.Get("Forwarded") != "" || test.peer == untrusted && len(seen.Header) > 0 {
			t.Errorf("%s: what does not count was left in the request: %v", test.rule, seen.Header)
		}
	}
}

// Whatever stands in the header: the walk ends, the result is an address, and nothing that an untrusted peer says changes it.
func FuzzClientIP(f *testing.F) {
	for _, seed := range []string{"203.0.113.5", "1.1.1.1, 10.0.0.2", "[::1]:5, ,", "unknown", "_hidden", "::ffff:10.0.0.1", "10.0.0.1:99999", ",,,"} {
		f.Add(seed, "10.0.0.9")
	}
	trusted, peer, stranger := mustProxies(f, "10.0.0.0/8"), netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("192.0.2.1")
	f.Fuzz(func(t *testing.T, first, second string) {
		lines := []string{first, second}
		ip := trusted.clientIP(peer, lines)
		if !ip.IsValid() || ip.Is4In6() || ip.Zone() != "" || ip.IsUnspecified() {
			t.Fatalf("%q: client IP %v", lines, ip)
		}
		if got := trusted.clientIP(stranger, lines); got != stranger {
			t.Fatalf("%q: an untrusted peer became %v", lines, got)
		}
		if joined := trusted.clientIP(peer, []string{first + "," + second}); joined != ip {
			t.Fatalf("%q: %v as two lines, %v as one", lines, ip, joined)
		}
		if forged := trusted.clientIP(peer, []string{first, second, "203.0.113.5"}); forged.String() != "203.0.113.5" {
			t.Fatalf("%q: what the caller sent changed the address that the proxy saw: %v", lines, forged)
		}
		if host := lastValue(lines); strings.Contains(host, ",") {
			t.Fatalf("%q: host %q", lines, host)
		}
	})
}
