package mgmt

import (
	"context"
	"net/http"
	"regexp"
	"strings"

	"github.com/writ-auth/writ/internal/limit"
	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// networkACLView is the wire form, in recorded order.
type networkACLView struct {
	Description string                `json:"description"`
	Active      bool                  `json:"active"`
	Priority    int                   `json:"priority"`
	Rule        tenant.NetworkACLRule `json:"rule"`
	CreatedAt   string                `json:"created_at"`
	UpdatedAt   string                `json:"updated_at"`
	ID          string                `json:"id"`
}

func viewNetworkACL(a tenant.NetworkACL) (rest.Object, error) {
	return rest.NewObject(networkACLView{
		ID: a.ID, Description: a.Description, Active: a.Active, Priority: a.Priority, Rule: a.Rule,
		CreatedAt: timestamp(a.CreatedAt), UpdatedAt: timestamp(a.UpdatedAt),
	})
}

// networkACLAnswer is an ACL and, in a header of writ's own, what of it is not evaluated: a body with more than Auth0's properties could not
// be sent back.
type networkACLAnswer struct {
	rest.Object
	notEvaluated []string
}

func (v networkACLAnswer) SetHeader(h http.Header) {
	if len(v.notEvaluated) > 0 {
		h.Set("Writ-Not-Evaluated", strings.Join(v.notEvaluated, ", "))
	}
}

func answerNetworkACL(a tenant.NetworkACL) (networkACLAnswer, error) {
	o, err := viewNetworkACL(a)
	return networkACLAnswer{o, a.Rule.NotEvaluated()}, err
}

type networkACLsQuery struct {
	rest.Caller
	rest.Paging
}

func (a *API) listNetworkACLs(ctx context.Context, in networkACLsQuery) (rest.List, error) {
	return listing[tenant.NetworkACL]{
		rows: a.reader(in.Caller).NetworkACLs(), key: "network_acls", tenant: in.Call.Tenant, view: viewNetworkACL,
	}.numbered(ctx, in.Paging)
}

type networkACLID struct {
	rest.Caller
	ID string `path:"id" doc:"The id of the access control list."`
}

// getNetworkACL answers two properties more than all others do, as recorded.
func (a *API) getNetworkACL(ctx context.Context, in networkACLID) (networkACLAnswer, error) {
	if err := checkNetworkACLID(in.ID); err != nil {
		return networkACLAnswer{}, err
	}
	acl, err := a.reader(in.Caller).NetworkACLs().Get(ctx, in.ID)
	if err != nil {
		return networkACLAnswer{}, missing(err, noNetworkACL())
	}
	answer, err := answerNetworkACL(acl)
	if err != nil {
		return answer, err
	}
	if err := answer.InsertAfter("updated_at", "deleted_at", nil); err != nil {
		return answer, err
	}
	return answer, answer.InsertFirst("tenant_id", in.Call.Tenant)
}

type networkACLCreation struct {
	rest.Caller
	Body rest.Patch[tenant.NetworkACL] `body:"true"`
}

func (a *API) createNetworkACL(ctx context.Context, in networkACLCreation) (networkACLAnswer, error) {
	now := a.now().UTC()
	acl, err := in.Body.Apply(tenant.NetworkACL{ID: tenant.NewNetworkACLID(), CreatedAt: now, UpdatedAt: now}, tenant.NetworkACL{})
	if err != nil {
		return networkACLAnswer{}, err
	}
	if err := acl.Validate(); err != nil {
		return networkACLAnswer{}, err
	}
	err = a.transact(ctx, in.Caller, func(tx *store.Tx) (change, error) {
		if err := tx.Tenant(in.Call.Tenant).NetworkACLs().Insert(ctx, acl); err != nil {
			return change{}, taken(err, networkACLPriorityTaken())
		}
		return change{new: acl}, a.warnOfNotEvaluated(ctx, tx, in.Caller, acl)
	})
	if err != nil {
		return networkACLAnswer{}, err
	}
	return answerNetworkACL(acl)
}

type networkACLChange struct {
	rest.Caller
	ID   string                        `path:"id" doc:"The id of the ACL to update."`
	Body rest.Patch[tenant.NetworkACL] `body:"true"`
}

// updateNetworkACL is PATCH, which replaces the properties that it is sent, and PUT, whose schema wants all of them.
func (a *API) updateNetworkACL(ctx context.Context, in networkACLChange) (networkACLAnswer, error) {
	if err := checkNetworkACLID(in.ID); err != nil {
		return networkACLAnswer{}, err
	}
	var before, after tenant.NetworkACL
	err := a.transact(ctx, in.Caller, func(tx *store.Tx) (change, error) {
		var err error
		changed := false
		after, err = tx.Tenant(in.Call.Tenant).NetworkACLs().Update(ctx, in.ID, func(old tenant.NetworkACL) (tenant.NetworkACL, error) {
			before = old
			next, err := in.Body.Apply(old, tenant.NetworkACL{ID: old.ID})
			if err != nil {
				return next, err
			}
			if changed = !next.Same(&old); changed {
				next.UpdatedAt = a.now().UTC()
			}
			return next, next.Validate()
		})
		if err != nil {
			return change{}, taken(missing(err, noNetworkACLToUpdate()), networkACLPriorityTaken())
		}
		if !changed { // tools send everything with every import
			return change{old: before, new: after}, nil
		}
		return change{old: before, new: after}, a.warnOfNotEvaluated(ctx, tx, in.Caller, after)
	})
	if err != nil {
		return networkACLAnswer{}, err
	}
	return answerNetworkACL(after)
}

// deletedNetworkACL is what a deletion is answered with, as recorded.
type deletedNetworkACL struct {
	Code   int    `json:"code"`
	Object string `json:"object"`
}

func (a *API) deleteNetworkACL(ctx context.Context, in networkACLID) (deletedNetworkACL, error) {
	if err := checkNetworkACLID(in.ID); err != nil {
		return deletedNetworkACL{}, err
	}
	return deletedNetworkACL{Code: http.StatusNoContent}, a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		acl, err := s.NetworkACLs().Get(ctx, in.ID)
		if err != nil {
			return change{}, missing(err, noNetworkACLToDelete())
		}
		return change{old: acl}, s.NetworkACLs().Delete(ctx, in.ID)
	})
}

var networkACLIDShape = regexp.MustCompile(`^acl_[A-Za-z0-9]{22}$`)

// checkNetworkACLID refuses what cannot be an ACL's id, in the recorded words.
func checkNetworkACLID(id string) error {
	if networkACLIDShape.MatchString(id) {
		return nil
	}
	return rest.InvalidURI("Network ACL id is not a valid ACL ID in the form 'acl_XXXXXXXXXXXXXXXXXXXXXX'")
}

// warnOfNotEvaluated puts a record beside a write after which an active ACL hangs on what this server cannot see.
func (a *API) warnOfNotEvaluated(ctx context.Context, tx *store.Tx, caller rest.Caller, acl tenant.NetworkACL) error {
	if !acl.Active || len(acl.Rule.NotEvaluated()) == 0 {
		return nil
	}
	event, err := a.eventOf(caller, limit.UncertainNotice(&acl, a.now()))
	if err != nil {
		return err
	}
	return tx.Record(ctx, event)
}
