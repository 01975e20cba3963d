package web

import (
	"errors"
	"net/http"
	"strings"

	"github.com/writ-auth/writ/internal/admin"
	"github.com/writ-auth/writ/internal/tenant"
)

// What the page does for the operator who is signed in.

type operatorBody struct {
	ID    string `json:"id"`
	Email string `json:"email"`
	Name  string `json:"name"`
	TOTP  bool   `json:"totp"`
}

type membershipBody struct {
	Tenant      string             `json:"tenant"`
	Role        tenant.Role        `json:"role"`
	Environment tenant.Environment `json:"environment"`
	Domain      string             `json:"domain"`
}

type sessionBody struct {
	Operator    operatorBody     `json:"operator"`
	Memberships []membershipBody `json:"memberships"`
	// CreatesTenants: the operator may make tenants.
	CreatesTenants bool     `json:"creates_tenants"`
	Version        string   `json:"version"`
	DocsURL        string   `json:"docs_url"`
	LocalCA        *LocalCA `json:"local_ca,omitzero"`
}

// session is who is signed in, and where they may go.
func (c *Console) session(_ http.ResponseWriter, r request) (answer, error) {
	o := r.session.Operator
	all, err := c.Desk.Memberships(r.Context(), o.ID)
	if err != nil {
		return answer{}, err
	}
	body := sessionBody{
		Operator:    operatorBody{o.ID, o.Email, o.Name, o.TOTP},
		Memberships: []membershipBody{}, Version: c.Version, DocsURL: c.DocsURL, LocalCA: c.LocalCA,
	}
	for _, m := range all {
		info, err := c.Tenants.Describe(r.Context(), m.Tenant)
		if errors.Is(err, tenant.ErrNotFound) { // deleted in this moment
			continue
		}
		if err != nil {
			return answer{}, err
		}
		body.Memberships = append(body.Memberships, membershipBody{m.Tenant, m.Role, info.Environment, info.Domain})
	}
	if body.CreatesTenants, err = c.Desk.MayCreateTenants(r.Context(), o.ID); err != nil {
		return answer{}, err
	}
	return success(body), nil
}

type bearerBody struct {
	AccessToken string `json:"access_token"`
	ExpiresIn   int    `json:"expires_in"`
	Scope       string `json:"scope"`
}

// token is the bearer for one tenant's Management API. It is the only thing that a session gives there: the API reads no cookie.
func (c *Console) token(w http.ResponseWriter, r request) (answer, error) {
	in, err := readJSON[struct {
		Tenant string `json:"tenant"`
	}](w, r.Request)
	if err != nil {
		return answer{}, err
	}
	bearer, err := c.Bearer(r.Context(), r.session.Operator, in.Tenant)
	if errors.Is(err, admin.ErrNoMember) {
		return answer{}, refused(http.StatusForbidden, "You are no member of this tenant.")
	}
	if err != nil {
		return answer{}, err
	}
	return success(bearerBody{bearer.AccessToken.Reveal(), bearer.ExpiresIn, strings.Join(bearer.Scopes, " ")}), nil
}

type signInBody struct {
	ID         string `json:"id"`
	Current    bool   `json:"current"`
	CreatedAt  string `json:"created_at"`
	LastSeenAt string `json:"last_seen_at"`
	IP         string `json:"ip"`
	UserAgent  string `json:"user_agent"`
}

// sessions lists where the operator is signed in.
func (c *Console) sessions(_ http.ResponseWriter, r request) (answer, error) {
	all, err := c.Desk.Sessions(r.Context(), r.operatorID())
	if err != nil {
		return answer{}, err
	}
	list := make([]signInBody, len(all))
	for i, s := range all {
		list[i] = signInBody{s.ID, s.ID == r.session.ID, timestamp(s.CreatedAt), timestamp(s.LastSeenAt), s.IP, s.UserAgent}
	}
	return success(list), nil
}

func (c *Console) revokeSession(_ http.ResponseWriter, r request) (answer, error) {
	return noContent(), c.Desk.RevokeSession(r.Context(), r.operatorID(), r.PathValue("id"))
}

func (c *Console) changePassword(w http.ResponseWriter, r request) (answer, error) {
	in, err := readJSON[struct {
		Current string `json:"current"`
		New     string `json:"new"`
	}](w, r.Request)
	if err != nil {
		return answer{}, err
	}
	return noContent(), c.Desk.ChangePassword(r.Context(), r.session, in.Current, in.New, r.from)
}

// beginTOTP makes a secret for an authenticator, which counts once confirmTOTP has seen a code of it. It wants the password again: a page
// that was left open is not enough.
func (c *Console) beginTOTP(w http.ResponseWriter, r request) (answer, error) {
	in, err := readJSON[struct {
		Current string `json:"current"`
	}](w, r.Request)
	if err != nil {
		return answer{}, err
	}
	secret, otpauth, err := c.Desk.BeginTOTP(r.Context(), r.session, in.Current, r.from)
	return success(struct {
		Secret  string `json:"secret"`
		OTPAuth string `json:"otpauth"`
	}{secret, otpauth}), err
}

func (c *Console) confirmTOTP(w http.ResponseWriter, r request) (answer, error) {
	in, err := readJSON[struct {
		Code string `json:"code"`
	}](w, r.Request)
	if err != nil {
		return answer{}, err
	}
	codes, err := c.Desk.ConfirmTOTP(r.Context(), r.session, in.Code)
	return success(struct {
		RecoveryCodes []string `json:"recovery_codes"`
	}{codes}), err
}

// removeTOTP wants the password again, too.
func (c *Console) removeTOTP(w http.ResponseWriter, r request) (answer, error) {
	in, err := readJSON[struct {
		Current string `json:"current"`
	}](w, r.Request)
	if err != nil {
		return answer{}, err
	}
	return noContent(), c.Desk.RemoveTOTP(r.Context(), r.session, in.Current, r.from)
}
