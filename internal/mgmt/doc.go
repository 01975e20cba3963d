// Package mgmt is the Management API v2 of one tenant: one route table, one file per resource, one JSON Schema per resource and
// verb, and a log record with every write.
//
// Owns: the routes and their scopes, the bearer check, each resource's rules, texts and wire form, what a new tenant is made of.
// Does not own: HTTP manners (rest), SQL (store), signatures (signing), the search language (eventlog), the token path.
// May import: action, eventlog, rest, signing, store, tenant, the standard library.
package mgmt
