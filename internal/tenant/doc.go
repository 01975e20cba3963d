// Package tenant holds the nouns of writ and the rules that need nothing but the noun itself: Tenant, Client,
// ResourceServer, ClientGrant, Settings, SigningKey, LogEvent, and the sentinel errors that every room speaks.
//
// Owns: the fields and their JSON form (Auth0's API words), defaults, Validate, identifiers, secrets that do not print.
// Does not own: storage, HTTP, cryptography, the token path.
// May import: the standard library only.
package tenant
