package mgmt

import (
	"context"
	"errors"
	"time"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// clientCredential is a credential's wire form, in recorded order. The key itself never goes out.
type clientCredential struct {
	ID               string  `json:"id"`
	Type             string  `json:"credential_type"`
	KID              string  `json:"kid,omitzero"`
	Alg              string  `json:"alg,omitzero"`
	Name             *string `json:"name,omitzero"`
	SubjectDN        string  `json:"subject_dn,omitzero"`
	ThumbprintSHA256 string  `json:"thumbprint_sha256,omitzero"`
	CreatedAt        string  `json:"created_at"`
	UpdatedAt        string  `json:"updated_at"`
	ExpiresAt        string  `json:"expires_at,omitzero"`
}

func credentialView(c tenant.ClientCredential) clientCredential {
	view := clientCredential{
		ID: c.ID, Type: c.Type, KID: c.KID, Alg: c.Alg, Name: c.Name, SubjectDN: c.SubjectDN, ThumbprintSHA256: c.ThumbprintSHA256,
		CreatedAt: timestamp(c.CreatedAt), UpdatedAt: timestamp(c.UpdatedAt),
	}
	if !c.ExpiresAt.IsZero() {
		view.ExpiresAt = timestamp(c.ExpiresAt)
	}
	return view
}

// listClientCredentials answers a bare array, whatever paging was asked for: there are two at most.
func (a *API) listClientCredentials(ctx context.Context, in clientID) ([]clientCredential, error) {
	s := a.reader(in.Caller)
	if _, err := s.Clients().Get(ctx, in.ID); err != nil {
		return nil, missing(err, noClient())
	}
	held, err := credentialsOf(ctx, s, in.ID)
	views := make([]clientCredential, len(held))
	for i, c := range held {
		views[i] = credentialView(c)
	}
	return views, err
}

type clientCredentialID struct {
	rest.Caller
	ID           string `path:"id" doc:"ID of the client."`
	CredentialID string `path:"credential_id" doc:"ID of the credential."`
}

func (a *API) getClientCredential(ctx context.Context, in clientCredentialID) (clientCredential, error) {
	c, err := findCredential(ctx, a.reader(in.Caller), in.ID, in.CredentialID)
	return credentialView(c), err
}

type clientCredentialCreation struct {
	rest.Caller
	ID   string         `path:"id" doc:"ID of the client."`
	Body credentialSpec `body:"true"`
}

// createClientCredential makes a credential that counts for nothing until the client names it.
func (a *API) createClientCredential(ctx context.Context, in clientCredentialCreation) (clientCredential, error) {
	made, err := in.Body.credential(in.ID, a.now())
	if err != nil {
		return clientCredential{}, err
	}
	err = a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		client, err := s.Clients().Get(ctx, in.ID)
		switch {
		case err != nil:
			return change{}, missing(err, noClient())
		case client.Global:
			return change{}, credentialOfGlobalClient()
		}
		held, err := credentialsOf(ctx, s, in.ID)
		if err != nil {
			return change{}, err
		}
		if len(held) >= tenant.MaxClientCredentials {
			return change{}, tooManyCredentials()
		}
		return change{new: credentialView(made)}, s.ClientCredentials().Insert(ctx, made)
	})
	return credentialView(made), err
}

type clientCredentialChange struct {
	rest.Caller
	ID           string `path:"id" doc:"ID of the client."`
	CredentialID string `path:"credential_id" doc:"ID of the credential."`
	Body         struct {
		ExpiresAt *string `json:"expires_at"` // null = never
	} `body:"true"`
}

func (a *API) updateClientCredential(ctx context.Context, in clientCredentialChange) (clientCredential, error) {
	expiresAt, err := expiry(in.Body.ExpiresAt)
	if err != nil {
		return clientCredential{}, err
	}
	var after tenant.ClientCredential
	err = a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		before, err := findCredential(ctx, s, in.ID, in.CredentialID)
		if err != nil {
			return change{}, err
		}
		after, err = s.ClientCredentials().Update(ctx, before.ID, func(old tenant.ClientCredential) (tenant.ClientCredential, error) {
			old.ExpiresAt, old.UpdatedAt = expiresAt, a.now().UTC().Truncate(time.Millisecond)
			return old, nil
		})
		return change{old: credentialView(before), new: credentialView(after)}, err
	})
	return credentialView(after), err
}

// deleteClientCredential is idempotent. A credential that the client names is refused: the client could not authenticate any more.
func (a *API) deleteClientCredential(ctx context.Context, in clientCredentialID) (rest.Nothing, error) {
	return rest.Nothing{}, a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		c, err := findCredential(ctx, s, in.ID, in.CredentialID)
		if isNotFound(err) {
			return change{}, nil
		}
		if err != nil {
			return change{}, err
		}
		client, err := s.Clients().Get(ctx, in.ID)
		if err != nil {
			return change{}, err
		}
		for _, use := range client.CredentialUses() {
			for _, ref := range use.Credentials {
				if ref.ID == c.ID {
					return change{}, credentialInUse(c.ID, use.Property)
				}
			}
		}
		return change{old: credentialView(c)}, s.ClientCredentials().Delete(ctx, c.ID)
	})
}

// credentialsOf are a client's credentials, oldest first.
func credentialsOf(ctx context.Context, s store.Scope, clientID string) ([]tenant.ClientCredential, error) {
	return s.ClientCredentials().List(ctx, store.Query{Where: []store.Filter{store.In("client_id", clientID)}})
}

// findCredential is one credential of one client. Errors: noClient, noClientCredential.
func findCredential(ctx context.Context, s store.Scope, clientID, id string) (tenant.ClientCredential, error) {
	if _, err := s.Clients().Get(ctx, clientID); err != nil {
		return tenant.ClientCredential{}, missing(err, noClient())
	}
	c, err := s.ClientCredentials().Get(ctx, id)
	if err == nil && c.ClientID != clientID {
		err = tenant.ErrNotFound
	}
	if errors.Is(err, tenant.ErrNotFound) {
		return tenant.ClientCredential{}, noClientCredential()
	}
	return c, err
}
