package server

import (
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/tenant"
)

// Nodes share how they are reached: one that differs is refused, but for what a flag asked for.
func TestInstanceDifferences(t *testing.T) {
	shared := tenant.Instance{BaseDomain: "auth.example.com", PublicPort: 443, Listeners: map[int]string{}}
	for _, c := range []struct {
		rule   string
		change func(*tenant.Instance)
		flags  []string
		want   []string // settings that the refusal names; none = the node starts
	}{
		{rule: "the same", change: func(*tenant.Instance) {}},
		{rule: "another base domain", change: func(in *tenant.Instance) { in.BaseDomain = "localhost" }, want: []string{"base-domain"}},
		{rule: "another base domain, as a flag", change: func(in *tenant.Instance) { in.BaseDomain = "localhost" }, flags: []string{"base-domain"}},
		{rule: "another port", change: func(in *tenant.Instance) { in.PublicPort = 8443 }, flags: []string{"https"}, want: []string{"public-port"}},
		{rule: "another default tenant", change: func(in *tenant.Instance) { in.DefaultTenant = "dev" }, want: []string{"default-tenant"}},
		{rule: "a pair more", change: func(in *tenant.Instance) { in.Listeners = map[int]string{9443: "acme"} }, want: []string{"listen"}},
		{rule: "a flag for one of two", change: func(in *tenant.Instance) { in.BaseDomain, in.PublicPort = "localhost", 8443 },
			flags: []string{"base-domain"}, want: []string{"public-port"}},
		{rule: "no pairs, said otherwise", change: func(in *tenant.Instance) { in.Listeners = nil }},
	} {
		t.Run(c.rule, func(t *testing.T) {
			mine := shared
			c.change(&mine)
			err := refuseDifferences(differences(shared, mine), c.flags)
			if (err != nil) != (len(c.want) > 0) {
				t.Fatalf("refusal %v, want one of %v", err, c.want)
			}
			for _, setting := range c.want {
				if !strings.Contains(err.Error(), "--"+setting) {
					t.Errorf("refusal %v does not name --%s", err, setting)
				}
			}
			if err != nil && strings.Count(err.Error(), "command line") != len(c.want) {
				t.Errorf("refusal %v names more than %v", err, c.want)
			}
		})
	}
}
