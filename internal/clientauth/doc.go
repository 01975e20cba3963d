// Package clientauth is the room that decides whether a token request comes from the client it names
// (RFC 6749 section 2.3).
//
// Owns: the client authentication methods and their rules.
// Does not own: what an authenticated client may do (grant), where clients come from (a Store is given).
// May import: oauth, tenant, the standard library except net/http.
package clientauth
