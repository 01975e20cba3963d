// Package seal keeps secrets unreadable at rest: an instance's master key seals one data key per tenant, and a tenant's data
// key seals its secrets, each bound to the row it belongs to.
//
// Owns: the master key's text form, data keys, sealing and opening, the check that tells a wrong master key.
// Does not own: where the master key comes from, where sealed text is stored.
// May import: the standard library, Tink.
package seal
