package mgmt

import (
	"cmp"
	"context"
	"net/http"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// tokenExchangeProfileView is the wire form, in recorded order.
type tokenExchangeProfileView struct {
	ID               string `json:"id"`
	Name             string `json:"name"`
	Type             string `json:"type"`
	SubjectTokenType string `json:"subject_token_type"`
	ActionID         string `json:"action_id"`
	CreatedAt        string `json:"created_at"`
	UpdatedAt        string `json:"updated_at"`
}

func viewTokenExchangeProfile(p tenant.TokenExchangeProfile) (rest.Object, error) {
	return rest.NewObject(tokenExchangeProfileView{
		ID: p.ID, Name: p.Name, Type: p.Type, SubjectTokenType: p.SubjectTokenType, ActionID: p.ActionID,
		CreatedAt: timestamp(p.CreatedAt), UpdatedAt: timestamp(p.UpdatedAt),
	})
}

type tokenExchangeProfilesQuery struct {
	rest.Caller
	rest.Checkpoint
}

// listTokenExchangeProfiles pages by position alone.
func (a *API) listTokenExchangeProfiles(ctx context.Context, in tokenExchangeProfilesQuery) (rest.List, error) {
	return listing[tenant.TokenExchangeProfile]{
		rows: a.reader(in.Caller).TokenExchangeProfiles(), key: "token_exchange_profiles", tenant: in.Call.Tenant, view: viewTokenExchangeProfile,
	}.positioned(ctx, in.Checkpoint)
}

type tokenExchangeProfileID struct {
	rest.Caller
	ID string `path:"id" doc:"ID of the Token Exchange Profile."`
}

func (a *API) getTokenExchangeProfile(ctx context.Context, in tokenExchangeProfileID) (rest.Object, error) {
	p, err := a.reader(in.Caller).TokenExchangeProfiles().Get(ctx, in.ID)
	if err != nil {
		return rest.Object{}, missing(err, noTokenExchangeProfile())
	}
	return viewTokenExchangeProfile(p)
}

type tokenExchangeProfileCreation struct {
	rest.Caller
	Body rest.Patch[tenant.TokenExchangeProfile] `body:"true"`
}

func (a *API) createTokenExchangeProfile(ctx context.Context, in tokenExchangeProfileCreation) (rest.Object, error) {
	now := a.now().UTC()
	blank := tenant.TokenExchangeProfile{ID: tenant.NewTokenExchangeProfileID(), CreatedAt: now, UpdatedAt: now}
	p, err := in.Body.Apply(blank, blank)
	if err != nil {
		return rest.Object{}, err
	}
	if err := p.Validate(); err != nil {
		return rest.Object{}, err
	}
	err = a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		if err := fitsTokenExchange(ctx, s, p.ActionID); err != nil {
			return change{}, err
		}
		if n, err := s.TokenExchangeProfiles().Count(ctx, store.Query{}); err != nil || n >= tenant.MaxTokenExchangeProfiles {
			return change{}, cmp.Or(err, tooManyTokenExchangeProfiles())
		}
		return change{new: p}, taken(s.TokenExchangeProfiles().Insert(ctx, p), subjectTokenTypeTaken())
	})
	if err != nil {
		return rest.Object{}, err
	}
	return viewTokenExchangeProfile(p)
}

// fitsTokenExchange asks for an Action that can judge subject tokens.
func fitsTokenExchange(ctx context.Context, s store.Scope, actionID string) error {
	action, err := s.Actions().Get(ctx, actionID)
	switch {
	case err != nil:
		return missing(err, exchangeActionUnknown())
	case action.SupportedTriggers[0].ID != tenant.TriggerTokenExchange:
		return exchangeActionUnfit()
	case action.DeployedVersionID == "":
		return exchangeActionUndeployed()
	}
	return nil
}

type tokenExchangeProfileChange struct {
	rest.Caller
	ID   string                                  `path:"id" doc:"ID of the Token Exchange Profile to update."`
	Body rest.Patch[tenant.TokenExchangeProfile] `body:"true"`
}

// updateTokenExchangeProfile answers with the profile, as recorded. What changes nothing leaves updated_at alone.
func (a *API) updateTokenExchangeProfile(ctx context.Context, in tokenExchangeProfileChange) (rest.Object, error) {
	var before, after tenant.TokenExchangeProfile
	err := a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		var err error
		after, err = s.TokenExchangeProfiles().Update(ctx, in.ID, func(old tenant.TokenExchangeProfile) (tenant.TokenExchangeProfile, error) {
			before = old
			next, err := in.Body.Apply(old, tenant.TokenExchangeProfile{ID: old.ID})
			if err != nil || next == old {
				return next, err
			}
			next.UpdatedAt = a.now().UTC()
			return next, next.Validate()
		})
		return change{old: before, new: after}, taken(missing(err, noTokenExchangeProfile()), subjectTokenTypeTakenByAnother())
	})
	if err != nil {
		return rest.Object{}, err
	}
	return viewTokenExchangeProfile(after)
}

// deleteTokenExchangeProfile is idempotent.
func (a *API) deleteTokenExchangeProfile(ctx context.Context, in tokenExchangeProfileID) (rest.Nothing, error) {
	return rest.Nothing{}, a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		found, err := s.TokenExchangeProfiles().List(ctx, store.Query{Where: []store.Filter{store.In("id", in.ID)}})
		if err != nil || len(found) == 0 {
			return change{}, err
		}
		return change{old: found[0]}, s.TokenExchangeProfiles().Delete(ctx, in.ID)
	})
}

// inUse reports whether an Action is bound to a trigger, by a binding or, as those of token exchange are, by a profile.
func inUse(ctx context.Context, s store.Scope, actionID string) (bool, error) {
	bound, err := bindingsOf(ctx, s, actionID)
	if err != nil || len(bound) > 0 {
		return true, err
	}
	n, err := s.TokenExchangeProfiles().Count(ctx, store.Query{Where: []store.Filter{store.In("action_id", actionID)}})
	return n > 0, err
}

// noTokenExchangeProfile is recorded.
func noTokenExchangeProfile() error { return rest.NotFound("Token exchange profile not found.", "") }

func exchangeActionUnknown() error { return rest.Refused("Action not found") }

func exchangeActionUndeployed() error { return rest.Refused("Action is not deployed") }

func exchangeActionUnfit() error {
	return rest.Refused("Action must have supported_triggers: %s", tenant.TriggerTokenExchange)
}

const subjectTokenTypeExists = "subject_token_type already exists for tenant"

func subjectTokenTypeTaken() error { return rest.Conflict(subjectTokenTypeExists) }

// subjectTokenTypeTakenByAnother refuses an update: Auth0 documents a 400 there, and a 409 for a new profile.
func subjectTokenTypeTakenByAnother() error { return rest.Refused(subjectTokenTypeExists) }

func tooManyTokenExchangeProfiles() error {
	return &rest.Error{Status: http.StatusForbidden, Message: "You reached the limit of entities of this type for this tenant."}
}
