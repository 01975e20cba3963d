package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/writ-auth/writ/internal/admin"
	"github.com/writ-auth/writ/internal/tenant"
)

// What the page does with tenants and their members.

// whyNotFree is why a name cannot be given, for who chose it; empty if err is another error, or none.
func whyNotFree(err error) string {
	switch {
	case errors.Is(err, tenant.ErrExists):
		return "This name is taken."
	case errors.Is(err, tenant.ErrTombstoned):
		return "A tenant of this name was deleted; names are never given again."
	}
	return ""
}

const badTenantName = "3 to 63 lower-case letters, digits and hyphens, with no hyphen at an end."

// mayCreate fails for who may make no tenants. Errors: admin.ErrForbidden.
func (c *Console) mayCreate(r request) error {
	may, err := c.Desk.MayCreateTenants(r.Context(), r.operatorID())
	if err == nil && !may {
		err = admin.ErrForbidden
	}
	return err
}

// availability answers whether a tenant of a name can be made.
type availability struct {
	Available bool `json:"available"`
	// Reason says why not; of a name that may be had, what else there is to know.
	Reason string `json:"reason,omitempty"`
}

// availabilityOf asks about one name. Errors: tenant.ErrUnavailable.
func (c *Console) availabilityOf(ctx context.Context, name string) (availability, error) {
	if tenant.ValidateName(name) != nil {
		return availability{false, badTenantName}, nil
	}
	err := c.Tenants.Free(ctx, name)
	if reason := whyNotFree(err); reason != "" {
		return availability{false, reason}, nil
	}
	return availability{Available: true}, err
}

// tenantAvailable says whether a name is free, while somebody types it.
func (c *Console) tenantAvailable(_ http.ResponseWriter, r request) (answer, error) {
	if err := c.mayCreate(r); err != nil {
		return answer{}, err
	}
	out, err := c.availabilityOf(r.Context(), r.URL.Query().Get("name"))
	return success(out), err
}

// createTenant makes a tenant whose owner is who asks.
func (c *Console) createTenant(w http.ResponseWriter, r request) (answer, error) {
	in, err := readJSON[struct {
		Name        string `json:"name"`
		Environment string `json:"environment"`
	}](w, r.Request)
	if err != nil {
		return answer{}, err
	}
	environment, err := tenant.ParseEnvironment(in.Environment)
	if err != nil {
		return answer{}, &tenant.FieldError{Field: "environment", Message: err.Error()}
	}
	if tenant.ValidateName(in.Name) != nil {
		return answer{}, &tenant.FieldError{Field: "name", Message: badTenantName}
	}
	if err := c.pace.tenant(r.operatorID()); err != nil {
		return answer{}, err
	}
	err = c.Desk.CreateTenant(r.Context(), r.operatorID(), admin.NewTenant{Name: in.Name, Environment: environment})
	if reason := whyNotFree(err); reason != "" {
		return answer{}, &tenant.FieldError{Field: "name", Message: reason}
	}
	if err != nil {
		return answer{}, err
	}
	info, err := c.Tenants.Describe(r.Context(), in.Name)
	return answer{http.StatusCreated, struct {
		Tenant string `json:"tenant"`
		Domain string `json:"domain"`
	}{in.Name, info.Domain}}, err
}

// deleteTenant removes a tenant for good.
func (c *Console) deleteTenant(_ http.ResponseWriter, r request) (answer, error) {
	name := r.PathValue("tenant")
	if err := c.Desk.MayDeleteTenant(r.Context(), r.operatorID(), name); err != nil {
		return answer{}, err
	}
	if err := c.Tenants.Delete(r.Context(), name); err != nil {
		return answer{}, err
	}
	c.Log.InfoContext(r.Context(), "a tenant was deleted", "tenant", name, "operator", r.operatorID())
	return noContent(), nil
}

// memberOf is the tenant of the path, for its members; for others there is none. Errors: admin.ErrNoMember.
func (c *Console) memberOf(r request) (tenantName string, err error) {
	tenantName = r.PathValue("tenant")
	_, err = c.Desk.Role(r.Context(), r.operatorID(), tenantName)
	return tenantName, err
}

// members lists who administers the tenant.
func (c *Console) members(_ http.ResponseWriter, r request) (answer, error) {
	type member struct {
		ID    string      `json:"id"`
		Email string      `json:"email"`
		Name  string      `json:"name"`
		Role  tenant.Role `json:"role"`
	}
	name, err := c.memberOf(r)
	if err != nil {
		return answer{}, err
	}
	all, err := c.Desk.Members(r.Context(), name)
	list := make([]member, len(all))
	for i, m := range all {
		list[i] = member(m)
	}
	return success(list), err
}

func (c *Console) setRole(w http.ResponseWriter, r request) (answer, error) {
	name, err := c.memberOf(r)
	if err != nil {
		return answer{}, err
	}
	in, err := readJSON[struct {
		Role tenant.Role `json:"role"`
	}](w, r.Request)
	if err != nil {
		return answer{}, err
	}
	return noContent(), c.Desk.SetRole(r.Context(), r.operatorID(), name, r.PathValue("id"), in.Role)
}

func (c *Console) removeMember(_ http.ResponseWriter, r request) (answer, error) {
	name, err := c.memberOf(r)
	if err != nil {
		return answer{}, err
	}
	return noContent(), c.Desk.RemoveMember(r.Context(), r.operatorID(), name, r.PathValue("id"))
}

// invitations lists the open ones. Their links are not among it: nobody has kept them.
func (c *Console) invitations(_ http.ResponseWriter, r request) (answer, error) {
	type invitation struct {
		ID        string      `json:"id"`
		Email     string      `json:"email"`
		Role      tenant.Role `json:"role"`
		CreatedAt string      `json:"created_at"`
		ExpiresAt string      `json:"expires_at"`
	}
	name, err := c.memberOf(r)
	if err != nil {
		return answer{}, err
	}
	open, err := c.Desk.Invitations(r.Context(), r.operatorID(), name)
	list := make([]invitation, len(open))
	for i, in := range open {
		list[i] = invitation{in.ID, in.Email, in.Role, timestamp(in.CreatedAt), timestamp(in.ExpiresAt)}
	}
	return success(list), err
}

// invite makes a link, which is shown this once, to be sent by whoever made it.
func (c *Console) invite(w http.ResponseWriter, r request) (answer, error) {
	name, err := c.memberOf(r)
	if err != nil {
		return answer{}, err
	}
	in, err := readJSON[struct {
		Email string      `json:"email"`
		Role  tenant.Role `json:"role"`
	}](w, r.Request)
	if err != nil {
		return answer{}, err
	}
	code, err := c.Desk.Invite(r.Context(), r.operatorID(), name, in.Email, in.Role)
	if err != nil {
		return answer{}, err
	}
	return answer{http.StatusCreated, struct {
		Link string `json:"link"`
	}{c.InvitationLink(code).Reveal()}}, nil
}

func (c *Console) withdraw(_ http.ResponseWriter, r request) (answer, error) {
	name, err := c.memberOf(r)
	if err != nil {
		return answer{}, err
	}
	return noContent(), c.Desk.Withdraw(r.Context(), r.operatorID(), name, r.PathValue("id"))
}
