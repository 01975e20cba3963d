// Package store keeps everything that outlives the process: the configuration and the log, in two SQLite files (writ.db, events.db)
// or in one PostgreSQL database. engine is all that differs; the specification of both is storetest.
//
// Owns: SQL, migrations, transactions, the batcher of hot writes, the outbox, retention, the caches of the token path, and
// sealing of the secrets it stores. Every row carries its tenant and every statement names it, but for the instance's own
// tables: instance, tenants, tombstones, changes, outbox, log_clock; and log_seq, log_ms on PostgreSQL.
// Does not own: rules about what may be stored, HTTP, where the master key comes from.
// May import: the standard library, tenant, seal, database/sql and its drivers, goose, otter, flock.
package store
