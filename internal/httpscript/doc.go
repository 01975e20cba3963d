// Package httpscript runs HTTP scripts: requests and the answers that a reader wants to see, as files. They are the readable
// specification of the token endpoint and of the Management API.
//
// Owns: the form of the scripts (see Script) and the comparison.
// Does not own: what is called; the suites bring it.
// May import: the standard library only. For tests.
package httpscript
