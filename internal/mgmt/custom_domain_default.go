package mgmt

import (
	"context"
	"strings"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// canonicalDefault is the answer where no custom domain is the default. It has nothing of a custom domain but the name.
type canonicalDefault struct {
	Domain string `json:"domain"`
}

func (a *API) getDefaultDomain(ctx context.Context, in struct{ rest.Caller }) (any, error) {
	domains, err := a.reader(in.Caller).CustomDomains().List(ctx, store.Query{})
	for _, d := range domains {
		if d.IsDefault {
			return a.viewCustomDomain(in.Call.Tenant, d), err
		}
	}
	return canonicalDefault{in.Call.Canonical}, err
}

type defaultDomainChange struct {
	rest.Caller
	Body struct {
		Domain string `json:"domain"`
	} `body:"true"`
}

// setDefaultDomain takes a domain that is ready, or the canonical one, after which no custom domain is the default.
func (a *API) setDefaultDomain(ctx context.Context, in defaultDomainChange) (any, error) {
	canonical := canonicalDefault{in.Call.Canonical}
	wanted := strings.ToLower(in.Body.Domain)
	var answer any = canonical
	err := a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		domains, err := s.CustomDomains().List(ctx, store.Query{})
		if err != nil {
			return change{}, err
		}
		before, found := canonical, wanted == in.Call.Canonical
		for _, d := range domains {
			if d.IsDefault {
				before.Domain = d.Domain
			}
			chosen := d.Domain == wanted
			if chosen && !d.Ready() {
				return change{}, defaultDomainUnverified()
			}
			if d.IsDefault != chosen {
				if d, err = markDefault(ctx, s, d.ID, chosen); err != nil {
					return change{}, err
				}
			}
			if chosen {
				found, answer = true, a.viewCustomDomain(in.Call.Tenant, d)
			}
		}
		if !found {
			return change{}, defaultDomainUnknown()
		}
		return change{old: before, new: canonicalDefault{wanted}}, nil
	})
	return answer, err
}

func markDefault(ctx context.Context, s store.Scope, id string, isDefault bool) (tenant.CustomDomain, error) {
	return s.CustomDomains().Update(ctx, id, func(old tenant.CustomDomain) (tenant.CustomDomain, error) {
		old.IsDefault = isDefault
		return old, nil
	})
}
