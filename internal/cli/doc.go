// Package cli is the command line: one file per command, each a person's shortest way to what the HTTP interfaces offer.
//
// Owns: commands, flags, their output, the demo's tour and its protected API.
// Does not own: any decision. Commands speak HTTP to a running writ, or call server (serve, demo, tenant).
// May import: server, tenant, cobra, go-jose for verifying tokens as any API would.
package cli
