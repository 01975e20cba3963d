// Package oauth holds the words of the protocol: what a token request says, what an authorization grants, what a token
// response carries, and the catalogue of refusals with Auth0's public texts.
//
// Owns: TokenRequest, Authorization, TokenResponse, Error and its catalogue, grant and method names, server metadata.
// Does not own: parsing of HTTP, the decisions themselves, HTTP statuses (token decides them).
// May import: the standard library, tenant.
package oauth
