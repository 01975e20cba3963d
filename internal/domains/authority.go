package domains

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// httpsPort is the port that an https authority means when it names none, and that domains leave out.
const httpsPort = 443

// maxHost is the longest DNS name (RFC 1035 section 2.3.4), without its final dot.
const maxHost = 253

var errAuthority = errors.New("not HOST or HOST:PORT")

// splitAuthority reads HOST[:PORT] (RFC 9110 section 4.2.2, no userinfo). The host comes back in lower case, an IPv6
// address in its brackets; an absent port is 443. Refused: an empty host or label, a trailing dot, a port with leading zeros.
func splitAuthority(authority string) (host string, port int, err error) {
	host, digits := authority, ""
	end := strings.LastIndexByte(authority, ']') + 1 // the colons of an IPv6 address are not the port's
	if i := strings.IndexByte(authority[end:], ':'); i >= 0 {
		host, digits = authority[:end+i], authority[end+i+1:]
		if port, err = parsePort(digits); err != nil {
			return "", 0, err
		}
	} else {
		port = httpsPort
	}
	if end > 0 {
		return splitIPv6(host, port)
	}
	if !validHost(host) {
		return "", 0, errAuthority
	}
	return strings.ToLower(host), port, nil
}

func splitIPv6(host string, port int) (string, int, error) {
	if len(host) < 2 || host[0] != '[' || host[len(host)-1] != ']' {
		return "", 0, errAuthority
	}
	addr, err := netip.ParseAddr(host[1 : len(host)-1])
	if err != nil || !addr.Is6() || addr.Zone() != "" {
		return "", 0, errAuthority
	}
	return strings.ToLower(host), port, nil
}

// parsePort accepts 1 to 65535 without a sign or leading zeros: a port has one spelling, so that domains compare as text.
func parsePort(digits string) (int, error) {
	n, err := strconv.ParseUint(digits, 10, 16)
	if err != nil || n == 0 || digits[0] == '0' || digits[0] == '+' {
		return 0, errAuthority
	}
	return int(n), nil
}

// validHost accepts dot-separated labels of letters, digits, hyphens and underscores, in ASCII. An IPv4 address is one, too:
// no tenant has it, so it resolves to nothing.
func validHost(host string) bool {
	if host == "" || len(host) > maxHost {
		return false
	}
	label := 0
	for i := range len(host) {
		switch c := host[i]; {
		case c == '.':
			if label == 0 {
				return false
			}
			label = 0
		case c == '-', c == '_', '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
			if label++; label > 63 {
				return false
			}
		default:
			return false
		}
	}
	return label > 0
}

// joinAuthority is the one spelling of an authority: port 443 is left out.
func joinAuthority(host string, port int) string {
	if port == httpsPort {
		return host
	}
	return host + ":" + strconv.Itoa(port)
}

// MatchesSNI reports whether a request's authority and the TLS server name of its connection are the same host. SNI has no
// port; an absent one matches everything. A request for which it is false is misdirected (421, RFC 9110 section 15.5.20).
func MatchesSNI(authority, serverName string) bool {
	if serverName == "" {
		return true
	}
	host, _, err := splitAuthority(authority)
	return err == nil && strings.EqualFold(host, serverName)
}

// ValidateBaseDomain reports why host cannot be a base domain: it must be a DNS name in lower case, no address, and leave
// room for a tenant's label.
func ValidateBaseDomain(host string) error {
	_, addrErr := netip.ParseAddr(strings.Trim(host, "[]"))
	switch {
	case addrErr == nil:
		return fmt.Errorf("%q is an address: use a DNS name, tenants are subdomains of it", host)
	case strings.Contains(host, ":"):
		return fmt.Errorf("%q has a port: the port is --public-port", host)
	case strings.HasSuffix(host, "."):
		return fmt.Errorf("%q ends with a dot: leave it out", host)
	case !validHost(host) || strings.ContainsRune(host, '_'):
		return fmt.Errorf("%q is not a DNS name such as auth.example.com", host)
	case host != strings.ToLower(host):
		return fmt.Errorf("%q has upper-case letters: write %q", host, strings.ToLower(host))
	case len(host) > maxHost-64:
		return fmt.Errorf("base domain of %d characters: at most %d, tenants need 64 more", len(host), maxHost-64)
	}
	return nil
}
