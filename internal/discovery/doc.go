// Package discovery tells the world how to reach a tenant and how to verify its tokens: server metadata (RFC 8414, OpenID
// Connect Discovery), the JWK set, Auth0's older key formats, and an honest answer where Auth0 has human login.
//
// Owns: those documents, their caching headers, their status codes.
// Does not own: keys (signing), which tenant a domain means (the tenant.Call says it), routing.
// May import: oauth, signing, tenant, the standard library.
package discovery
