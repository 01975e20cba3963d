package mgmt

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

type settingsQuery struct {
	rest.Caller
	rest.Fields
}

func (a *API) getSettings(ctx context.Context, in settingsQuery) (rest.Object, error) {
	if err := in.Check(propertyNames[tenant.Settings]()); err != nil {
		return rest.Object{}, err
	}
	settings, err := a.reader(in.Caller).Settings().Get(ctx)
	if err != nil {
		return rest.Object{}, err
	}
	o, err := rest.NewObject(settings)
	if err == nil {
		in.Select(&o)
	}
	return o, err
}

type settingsChange struct {
	rest.Caller
	Body rest.Patch[tenant.Settings] `body:"true"`
}

func (a *API) updateSettings(ctx context.Context, in settingsChange) (rest.Object, error) {
	var settings tenant.Settings
	err := a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		var before tenant.Settings
		after, err := s.Settings().Update(ctx, func(old tenant.Settings) (tenant.Settings, error) {
			before = old
			next, err := in.Body.Apply(old, tenant.NewSettings(in.Call.Tenant))
			if err != nil {
				return next, err
			}
			if err := next.SettleLifetimes(); err != nil {
				return next, err
			}
			return next, settingsStand(next)
		})
		settings = after
		return change{old: before, new: after}, err
	})
	if err != nil {
		return rest.Object{}, err
	}
	return settingsAfterPatch(settings)
}

func settingsStand(s tenant.Settings) error {
	if !slices.Contains(s.SandboxVersionsAvailable, s.SandboxVersion) {
		options, err := json.Marshal(s.SandboxVersionsAvailable)
		if err != nil {
			return err
		}
		return rest.InvalidBody("The sandbox_version provided is invalid. Please use one of the available options: %s", options)
	}
	return nil
}

// settingsAfterPatch differs from what GET answers, as recorded: without the sandbox versions, with two more flags.
func settingsAfterPatch(s tenant.Settings) (rest.Object, error) {
	const enforce = "enforce_client_authentication_on_passwordless_start"
	s.SandboxVersionsAvailable = nil
	flags := map[string]bool{enforce: true} // unless it was set
	maps.Copy(flags, s.Flags)
	flags["cannot_change_"+enforce] = true
	s.Flags = flags
	return rest.NewObject(s)
}
