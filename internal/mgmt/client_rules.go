package mgmt

import (
	"context"
	"reflect"
	"slices"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// mayChangeClient asks for the scope of each property that the body holds.
func mayChangeClient(who rest.Principal, body rest.Patch[tenant.Client]) error {
	if body.Has("client_secret") && !who.HasAny("update:client_keys") {
		return rest.InsufficientScope("update:client_keys")
	}
	credentials := body.Has("client_authentication_methods") ||
		body.HasIn("signed_request_object", "credentials") || body.HasIn("token_vault_privileged_access", "credentials")
	if credentials && !who.HasAny("update:client_credentials") {
		return rest.InsufficientScope("update:client_credentials")
	}
	if body.HasOther("client_secret", "client_authentication_methods") && !who.HasAny("update:clients") {
		return rest.InsufficientScope("update:clients")
	}
	return nil
}

// checkClient judges a client against its own rules, and the change that a body makes of old against those of the tenant.
func checkClient(body rest.Patch[tenant.Client], old, client tenant.Client) error {
	if err := client.Validate(); err != nil {
		return err
	}
	made := old.ClientID == ""
	switch {
	case !client.IsFirstParty && (client.OrganizationUsage != "" || client.OrganizationRequireBehavior != "" || client.DefaultOrganization != nil):
		return organizationOfThirdParty()
	case !made && client.ThirdPartySecurityMode != old.ThirdPartySecurityMode:
		return securityModeStays()
	case body.Has("client_secret") && client.ClientAuthenticationMethods != nil:
		return secretBesideMethods()
	}
	return nil
}

// credentialsNamed are the uses of a client that name credentials.
func credentialsNamed(client *tenant.Client) []tenant.CredentialUse {
	return slices.DeleteFunc(client.CredentialUses(), func(use tenant.CredentialUse) bool { return len(use.Credentials) == 0 })
}

func sameUse(a, b tenant.CredentialUse) bool { return reflect.DeepEqual(a, b) }

// checkUses asks that each credential which the client names is among those it holds, and of the type that is needed there.
func checkUses(client *tenant.Client, held []tenant.ClientCredential) error {
	for _, use := range client.CredentialUses() {
		for _, ref := range use.Credentials {
			i := slices.IndexFunc(held, func(c tenant.ClientCredential) bool { return c.ID == ref.ID })
			if i < 0 {
				return unknownCredentialIn(use.Property, ref.ID)
			}
			if held[i].Type != use.Type {
				return unfitCredentialIn(use.Property, ref.ID, use.Type)
			}
		}
	}
	return nil
}

// standsAlone asks that a client which stands for an API is the only one.
func standsAlone(ctx context.Context, s store.Scope, client tenant.Client) error {
	if client.ResourceServerIdentifier == "" {
		return nil
	}
	if client.AppType != tenant.AppTypeResourceServer {
		return rest.InvalidBody("resource_server_identifier is for clients whose app_type is resource_server")
	}
	rs, err := resourceServerByIdentifier(ctx, s, client.ResourceServerIdentifier)
	if err != nil {
		return err
	}
	if rs.ClientID != "" {
		return rest.Conflict("Another client stands for the resource server %s", rs.Identifier)
	}
	return nil
}
