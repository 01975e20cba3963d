package domains

import (
	"strings"
	"testing"
)

func TestSplitAuthority(t *testing.T) {
	label := strings.Repeat("a", 63)
	for _, test := range []struct {
		in, host string
		port     int // 0 = refused
	}{
		{"localhost", "localhost", 443}, {"Localhost:1", "localhost", 1}, {"a.b-c.d_e:65535", "a.b-c.d_e", 65535},
		{"[::1]", "[::1]", 443}, {"[2001:DB8::1]:8443", "[2001:db8::1]", 8443}, {"127.0.0.1:80", "127.0.0.1", 80},
		{label + ".example:9", label + ".example", 9},
		{"", "", 0}, {":443", "", 0}, {"a:", "", 0}, {"a:0", "", 0}, {"a:65536", "", 0}, {"a:+1", "", 0}, {"a:01", "", 0}, {"a:1:2", "", 0},
		{"a.", "", 0}, {".a", "", 0}, {"a..b", "", 0}, {"a b", "", 0}, {"a/b", "", 0}, {"u@a", "", 0}, {"a\x00", "", 0}, {"bücher", "", 0},
		{"::1", "", 0}, {"[::1", "", 0}, {"::1]", "", 0}, {"[]", "", 0}, {"[1.2.3.4]", "", 0}, {"[fe80::1%eth0]", "", 0}, {"[::1]x", "", 0}, {"x[::1]", "", 0},
		{"a" + label + ".example", "", 0}, {strings.Repeat("a.", 127) + "a", "", 0},
	} {
		host, port, err := splitAuthority(test.in)
		if (err != nil) != (test.port == 0) || host != test.host || port != test.port {
			t.Errorf("splitAuthority(%q) = %q, %d, %v; want %q, %d", test.in, host, port, err, test.host, test.port)
		}
	}
}

func TestMatchesSNI(t *testing.T) {
	for _, test := range []struct {
		authority, serverName string
		want                  bool
	}{
		{"acme.localhost:8443", "acme.localhost", true}, {"ACME.localhost:8443", "acme.LOCALHOST", true}, {"anything", "", true},
		{"acme.localhost:8443", "beta.localhost", false}, {"acme.localhost.", "acme.localhost", false}, {"", "acme.localhost", false},
	} {
		if got := MatchesSNI(test.authority, test.serverName); got != test.want {
			t.Errorf("MatchesSNI(%q, %q) = %v", test.authority, test.serverName, got)
		}
	}
}

func TestValidateBaseDomain(t *testing.T) {
	for _, good := range []string{"localhost", "auth.example.com", "a-1.b", strings.Repeat("a.", 94) + "a"} {
		if err := ValidateBaseDomain(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{"", "127.0.0.1", "::1", "[::1]", "a:443", "a.", "A.b", "a_b", "a b", "*.a", strings.Repeat("a.", 95) + "a"} {
		if ValidateBaseDomain(bad) == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

// Whatever a caller sends: parsing neither panics nor lets through a host that could be mistaken for another one, and what
// it accepts it reads the same way again.
func FuzzSplitAuthority(f *testing.F) {
	for _, seed := range []string{"localhost:8443", "[::1]:1", "a.b.", "A:443", "u@h", "h:080", "[v1.x]", "a\r\nb", "%61", "xn--bcher-kva"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, authority string) {
		host, port, err := splitAuthority(authority)
		if err != nil {
			if host != "" || port != 0 {
				t.Fatalf("%q: refused, but %q and %d came back", authority, host, port)
			}
			return
		}
		if port < 1 || port > 65535 || host == "" || strings.HasSuffix(host, ".") || strings.ContainsAny(host, "/@?#%\\ \t\r\n\x00") || host != strings.ToLower(host) {
			t.Fatalf("%q: accepted as %q, %d", authority, host, port)
		}
		again, samePort, err := splitAuthority(joinAuthority(host, port))
		if err != nil || again != host || samePort != port {
			t.Fatalf("%q: %q, %d reads back as %q, %d, %v", authority, host, port, again, samePort, err)
		}
		if !MatchesSNI(authority, host) {
			t.Fatalf("%q does not match its own host %q", authority, host)
		}
	})
}
