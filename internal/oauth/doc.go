// Package oauth holds the words of the protocol: what a token request says, what an authorization grants, and the catalogue of
// refusals with Auth0's public texts.
//
// Owns: TokenRequest, Authorization, Token, Error and its catalogue, the names of methods.
// Does not own: parsing of HTTP, the decisions themselves, HTTP statuses (token decides them).
// May import: the standard library, tenant.
package oauth
