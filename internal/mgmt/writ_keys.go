package mgmt

import (
	"cmp"
	"context"
	"slices"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/tenant"
)

// familyKeyView is a signing key of any family: what /keys/signing shows of one, after what tells the families apart.
type familyKeyView struct {
	// Family is RSA, EC or OKP.
	Family tenant.KeyFamily `json:"family"`
	// Algs are what the key may sign with: of an RSA key, RS256 and PS256.
	Algs []string `json:"algs"`
	signingKeyView
}

// listAllSigningKeys shows the keys of all families that were used so far, RSA first, each in the order of their lives. Auth0 has no path
// for the others.
func (a *API) listAllSigningKeys(ctx context.Context, in struct{ rest.Caller }) ([]familyKeyView, error) {
	keys, err := keySet(ctx, a.reader(in.Caller))
	if err != nil {
		return nil, err
	}
	families := []tenant.KeyFamily{tenant.FamilyRSA, tenant.FamilyEC, tenant.FamilyOKP}
	slices.SortStableFunc(keys, func(x, y tenant.SigningKey) int {
		return cmp.Or(slices.Index(families, x.Family)-slices.Index(families, y.Family), byLife(x, y))
	})
	views := make([]familyKeyView, len(keys))
	for i, key := range keys {
		view, err := viewSigningKey(key)
		if err != nil {
			return nil, err
		}
		views[i] = familyKeyView{Family: key.Family, Algs: signing.Algs(key.Family), signingKeyView: view}
	}
	return views, nil
}
