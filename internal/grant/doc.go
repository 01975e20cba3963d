// Package grant is the room that decides what an authenticated client gets: which API, by which client grant, with which
// scopes.
//
// Owns: audience resolution, access policy, client grant, scopes, organization, proof of possession, in that order.
// Does not own: who the client is (clientauth), how the token looks (signing), how objects are stored (a Store is given).
// May import: oauth, tenant, the standard library except net/http.
package grant
