package mgmt

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

type customDomainsQuery struct {
	rest.Caller
	rest.Checkpoint
	rest.Fields
	Q    string `query:"q" doc:"Query in Lucene query string syntax. This server reads field:value terms with AND between them; * stands for any text."`
	Sort string `query:"sort" enum:"domain:1" doc:"Field to sort by. Only domain:1 (ascending order by domain) is supported, which is the default."`
}

// listCustomDomains reads all of a tenant's domains, for there are tenant.MaxCustomDomains at most, and shows them by name.
func (a *API) listCustomDomains(ctx context.Context, in customDomainsQuery) (rest.List, error) {
	if err := in.Check(propertyNames[customDomainView]()); err != nil {
		return rest.List{}, err
	}
	search, err := parseDomainSearch(in.Q)
	if err != nil {
		return rest.List{}, err
	}
	domains, err := a.reader(in.Caller).CustomDomains().List(ctx, store.Query{})
	if err != nil {
		return rest.List{}, err
	}
	domains = slices.DeleteFunc(domains, func(d tenant.CustomDomain) bool { return !search.finds(d) })
	slices.SortFunc(domains, func(x, y tenant.CustomDomain) int { return cmp.Compare(x.Domain, y.Domain) })
	const key = "custom_domains"
	if !in.Wanted() {
		items, err := a.customDomainItems(in, domains)
		return rest.NumberedList(key, items, rest.Paging{}, 0), err
	}
	page, next, err := domainPage(in.Checkpoint, in.Call.Tenant+"/"+key, domains)
	if err != nil {
		return rest.List{}, err
	}
	items, err := a.customDomainItems(in, page)
	return rest.CheckpointList(key, items, next), err
}

// domainPage is a page by position of domains in their order; its cursor is the last one's host.
func domainPage(c rest.Checkpoint, list string, domains []tenant.CustomDomain) (page []tenant.CustomDomain, next string, err error) {
	if from := c.Position(); from != "" {
		last, err := rest.DecodeCursor(list, from)
		if err != nil {
			return nil, "", err
		}
		domains = slices.DeleteFunc(domains, func(d tenant.CustomDomain) bool { return d.Domain <= last })
	}
	if len(domains) <= c.Limit() {
		return domains, "", nil
	}
	page = domains[:c.Limit()]
	return page, rest.EncodeCursor(list, page[len(page)-1].Domain), nil
}

func (a *API) customDomainItems(in customDomainsQuery, domains []tenant.CustomDomain) ([]rest.Object, error) {
	items := make([]rest.Object, len(domains))
	for i, d := range domains {
		var err error
		if items[i], err = rest.NewObject(a.viewCustomDomain(in.Call.Tenant, d)); err != nil {
			return nil, err
		}
		in.Select(&items[i])
	}
	return items, nil
}

type customDomainID struct {
	rest.Caller
	ID string `path:"id" doc:"ID of the custom domain."`
}

func (a *API) getCustomDomain(ctx context.Context, in customDomainID) (customDomainView, error) {
	d, err := a.reader(in.Caller).CustomDomains().Get(ctx, in.ID)
	return a.viewCustomDomain(in.Call.Tenant, d), missing(err, noCustomDomain())
}

type customDomainCreation struct {
	rest.Caller
	Body rest.Patch[tenant.CustomDomain] `body:"true"`
}

// createCustomDomain says no more of another tenant's domain than that the name is taken.
func (a *API) createCustomDomain(ctx context.Context, in customDomainCreation) (customDomainView, error) {
	none := customDomainView{}
	asked, err := in.Body.Apply(tenant.CustomDomain{}, tenant.CustomDomain{})
	if err != nil {
		return none, err
	}
	d, err := in.Body.Apply(tenant.NewCustomDomain(tenant.NewCustomDomainID(), asked.Type), tenant.CustomDomain{})
	if err != nil {
		return none, err
	}
	d.Domain, d.CreatedAt = strings.ToLower(d.Domain), a.now().UTC()
	if d.Type == tenant.DomainSelfManagedCerts {
		d.VerificationRecord = tenant.NewDomainRecord()
		d.TLSPolicy = "" // auth0-cli sends the one that there is with each domain, and Auth0 takes it
	}
	if err := d.Validate(); err != nil {
		return none, err
	}
	if tenant.Below(d.Domain, a.baseDomain) {
		return none, ownDomain(d.Domain, a.baseDomain)
	}
	view := a.viewCustomDomain(in.Call.Tenant, d)
	return view, a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		n, err := s.CustomDomains().Count(ctx, store.Query{})
		if err != nil || n >= tenant.MaxCustomDomains {
			return change{}, cmp.Or(err, tooManyCustomDomains())
		}
		return change{new: view}, taken(s.CustomDomains().Insert(ctx, d), customDomainTaken())
	})
}

type customDomainChange struct {
	rest.Caller
	ID   string                          `path:"id" doc:"The id of the custom domain to update."`
	Body rest.Patch[tenant.CustomDomain] `body:"true"`
}

func (a *API) updateCustomDomain(ctx context.Context, in customDomainChange) (customDomainView, error) {
	return a.changeCustomDomain(ctx, in.Caller, in.ID, func(old tenant.CustomDomain) (tenant.CustomDomain, error) {
		d, err := in.Body.Apply(old, tenant.NewCustomDomain(old.ID, old.Type))
		if err != nil {
			return d, err
		}
		return d, d.Validate()
	})
}

// changeCustomDomain is an update with its record, and the answer to it.
func (a *API) changeCustomDomain(ctx context.Context, caller rest.Caller, id string, fn func(old tenant.CustomDomain) (tenant.CustomDomain, error)) (customDomainView, error) {
	var view customDomainView
	err := a.write(ctx, caller, func(s store.Scope) (change, error) {
		var before tenant.CustomDomain
		after, err := s.CustomDomains().Update(ctx, id, func(old tenant.CustomDomain) (tenant.CustomDomain, error) {
			before = old
			return fn(old)
		})
		view = a.viewCustomDomain(caller.Call.Tenant, after)
		return change{old: a.viewCustomDomain(caller.Call.Tenant, before), new: view}, missing(err, noCustomDomain())
	})
	return view, err
}

// deleteCustomDomain is idempotent. After the default domain the canonical one is the default again.
func (a *API) deleteCustomDomain(ctx context.Context, in customDomainID) (rest.Nothing, error) {
	return rest.Nothing{}, a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		found, err := s.CustomDomains().List(ctx, store.Query{Where: []store.Filter{store.In("id", in.ID)}})
		if err != nil || len(found) == 0 {
			return change{}, err
		}
		return change{old: a.viewCustomDomain(in.Call.Tenant, found[0])}, s.CustomDomains().Delete(ctx, in.ID)
	})
}
