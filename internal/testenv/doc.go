// Package testenv boots a real writ for tests: the server of production on free ports, a database in a temporary directory,
// fixed RSA keys because making them is slow.
//
// Owns: starting and stopping it, a client that trusts its CA, shortcuts for tokens and the Management API.
// Does not own: anything that production runs.
// May import: server, signing, tenant, the standard library.
package testenv
