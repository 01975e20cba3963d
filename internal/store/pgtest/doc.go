// Package pgtest starts PostgreSQL servers for tests, from the binaries of Debian's package.
//
// Owns: finding the binaries, servers of temporary data directories and their end, databases of their own for tests.
// Does not own: SQL; what the tests do.
// May import: the standard library.
package pgtest
