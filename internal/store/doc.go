// Package store keeps everything that outlives the process, in SQLite: the configuration (writ.db) and the log (events.db).
//
// Owns: SQL, migrations, transactions, the batcher of hot writes, the outbox, retention, the caches of the token path, and
// sealing of the secrets it stores. Every row carries its tenant and every statement names it, but for the instance's own
// tables: instance, tenants, tombstones, changes, outbox, log_clock.
// Does not own: rules about what may be stored, HTTP, where the master key comes from.
// May import: the standard library, tenant, seal, database/sql drivers, goose, otter, flock.
package store
