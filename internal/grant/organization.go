package grant

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// Organizations finds what a decision about an organization needs, as immutable snapshots. Errors: tenant.ErrNotFound, tenant.ErrUnavailable.
type Organizations interface {
	Organization(ctx context.Context, tenantName, id string) (*tenant.Organization, error)
	OrganizationByName(ctx context.Context, tenantName, name string) (*tenant.Organization, error)
	OrganizationGrant(ctx context.Context, tenantName, organizationID, grantID string) (*tenant.OrganizationGrant, error)
}

// Causes of refusals that Auth0's words do not tell, for the log and for explanations.
var (
	errNoOrganization     = errors.New("the tenant has no organization of this id")
	errNoOrganizationName = errors.New("the tenant has no organization of this id or name")
	errOrganizationDenied = errors.New("the client grant's organization_usage is deny")
	errOrganizationApart  = errors.New("the client grant is not associated with the organization")
)

// organization decides whom the token is for, and says so in auth. Naming an organization is never ignored; a request that names none gets
// the client's default, where the grant requires one. What is found stands in auth beside a refusal, too.
func (a *Authorizer) organization(ctx context.Context, req *oauth.TokenRequest, auth *oauth.Authorization) error {
	named := req.Organization
	if named == "" {
		if auth.Grant.OrganizationUsage != tenant.OrganizationRequire {
			return nil
		}
		if !auth.Client.DefaultOrganization.Of(tenant.GrantClientCredentials) {
			return oauth.OrganizationRequired()
		}
		named = auth.Client.DefaultOrganizationID()
	}
	settings, err := a.store.Settings(ctx, req.Call.Tenant)
	if err != nil {
		return fmt.Errorf("read tenant settings: %w", err)
	}
	byName := settings.AllowOrganizationName != nil && *settings.AllowOrganizationName
	if auth.Organization, err = a.findOrganization(ctx, req.Call.Tenant, named, byName); err != nil {
		return err
	}
	if byName {
		auth.OrganizationName = auth.Organization.Name
	}
	return a.mayActFor(ctx, req.Call.Tenant, named, auth)
}

// findOrganization finds one by its id or, where names are allowed, by its name, whatever the case that it is written in: names are lower-case.
func (a *Authorizer) findOrganization(ctx context.Context, tenantName, named string, byName bool) (*tenant.Organization, error) {
	if len(named) > tenant.MaxOrganizationName {
		return nil, oauth.InvalidOrganization(named, errNoOrganization)
	}
	o, err := a.store.Organization(ctx, tenantName, named)
	cause := errNoOrganization
	if byName && errors.Is(err, tenant.ErrNotFound) {
		cause = errNoOrganizationName
		o, err = a.store.OrganizationByName(ctx, tenantName, strings.ToLower(named))
	}
	if errors.Is(err, tenant.ErrNotFound) {
		return nil, oauth.InvalidOrganization(named, cause)
	}
	if err != nil {
		return nil, fmt.Errorf("find organization: %w", err)
	}
	return o, nil
}

// mayActFor: the grant allows organizations, and this one.
func (a *Authorizer) mayActFor(ctx context.Context, tenantName, named string, auth *oauth.Authorization) (err error) {
	if auth.Associated, err = a.associated(ctx, tenantName, auth); err != nil {
		return fmt.Errorf("find client grant of organization: %w", err)
	}
	usage := auth.Grant.OrganizationUsage
	switch {
	case usage != tenant.OrganizationAllow && usage != tenant.OrganizationRequire:
		return oauth.InvalidOrganization(named, errOrganizationDenied)
	case !auth.Associated:
		return oauth.InvalidOrganization(named, errOrganizationApart)
	}
	return nil
}

// associated reports whether the grant belongs to the organization or to any; that of a third party never belongs to any.
func (a *Authorizer) associated(ctx context.Context, tenantName string, auth *oauth.Authorization) (bool, error) {
	if auth.Grant.AnyOrganization() && auth.Client.IsFirstParty {
		return true, nil
	}
	_, err := a.store.OrganizationGrant(ctx, tenantName, auth.Organization.ID, auth.Grant.ID)
	if errors.Is(err, tenant.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
