// Package storetest is the specification of the store, as a test suite: Run it against every engine.
//
// Owns: what rows, tenants, the log, the outbox, snapshots and secrets must do, whatever the engine.
// Does not own: what only one engine can do (how a full disk shows, how a newer schema is made): the store's own tests.
// May import: store, seal, tenant, testing, go-cmp.
package storetest
