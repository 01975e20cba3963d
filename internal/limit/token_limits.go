package limit

import (
	"context"

	"github.com/writ-auth/writ/internal/oauth"
)

// TokenLimits is the room of step 4: what a token costs, and whether it can be paid. Safe for concurrent use.
type TokenLimits struct{}

// NewTokenLimits returns the room.
func NewTokenLimits() *TokenLimits { return &TokenLimits{} }

// Reserve takes what a token of auth costs. The caller keeps the hold or releases it.
func (l *TokenLimits) Reserve(_ context.Context, _ *oauth.Authorization) (oauth.Hold, error) {
	return oauth.Hold{}, nil
}

// Preview is Reserve that takes nothing.
func (l *TokenLimits) Preview(_ context.Context, _ *oauth.Authorization) (oauth.Hold, error) {
	return oauth.Hold{}, nil
}
