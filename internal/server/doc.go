// Package server is the composition root: one place where every part of writ is made and handed what it needs.
//
// Owns: Config, the data directory, listeners and TLS, the routes, probes and metrics, start and drain; what the command line
// does to tenants (Admin).
// Does not own: any rule of the parts it puts together.
// May import: everything below it; nothing imports it but cli and testenv.
package server
