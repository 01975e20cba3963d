// Package signing is the room that holds a tenant's signing keys to their work: it mints access tokens (RFC 9068 and Auth0's
// own profile), verifies them, publishes the JWK set, and makes, rotates and revokes keys.
//
// Owns: Signer, Generator, Rotate and Revoke, certificates and their printed forms, the compact JWS writer and reader, the
// engine that signs with RSA keys, how many signatures run and wait.
// Does not own: where keys are kept, who may rotate them, what a token is granted, HTTP.
// May import: oauth, tenant, signing/openssl, the standard library, pkcs7, otter.
package signing
