package main

import (
	"context"
	"fmt"
)

// quotas compares tokens of clients without a quota and with one, in turn on one writ: of a single client, whose counter is written once a
// batch, and of many, each of whom has one.
func (b *bench) quotas(ctx context.Context) error {
	w, err := b.newWrit(ctx, "--signer", "go")
	if err != nil {
		return err
	}
	defer w.stop()
	const most = 2147483647 // so that none is refused
	limited := map[string]any{"token_quota": map[string]any{"client_credentials": map[string]any{"per_hour": most, "per_day": most}}}
	hs256 := map[string]any{"signing_alg": "HS256"}
	for _, clients := range []int{1, 100} {
		without, err := w.api(ctx, clients, false, hs256)
		if err != nil {
			return err
		}
		with, err := w.apiFor(ctx, clients, false, hs256, limited)
		if err != nil {
			return err
		}
		if _, err := b.inTurn(ctx, side{fmt.Sprintf("writ: HS256, HTTP, %d clients without a quota", clients), w.process, without},
			side{fmt.Sprintf("writ: HS256, HTTP, %d clients with a quota", clients), w.process, with}); err != nil {
			return err
		}
	}
	return nil
}
