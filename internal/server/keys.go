package server

import (
	"context"
	"time"

	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// keyStore reads keys from memory and adds them to the database.
type keyStore struct {
	*store.Snapshots
	*store.DB
}

// catchUpTimeout is how long keys are held back to find out what other nodes have done.
const catchUpTimeout = time.Second

// currentKeys is the keyStore of whoever publishes keys or verifies with them: it knows every key that any node has committed, and
// no node signs with a key before it is committed. While the database does not answer, what is known is published.
type currentKeys struct{ keyStore }

var (
	_ signing.Store = keyStore{}
	_ signing.Store = currentKeys{}
)

// SigningKeys implements signing.Store.
func (k currentKeys) SigningKeys(ctx context.Context, tenantName string) (tenant.KeySet, error) {
	bounded, cancel := context.WithTimeout(ctx, catchUpTimeout)
	defer cancel()
	_ = k.CatchUp(bounded) // the store itself logs that it cannot
	return k.Snapshots.SigningKeys(ctx, tenantName)
}
