// Package admission is step 0 of the token path: whether a request is let in at all, or turned away at once.
//
// Owns: how many requests are under way, and how many may be.
// Does not own: what is done with them, the turn at a core (signing), the answer of who is turned away (token).
// May import: oauth.
package admission
