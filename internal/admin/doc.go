// Package admin is the people who administer: operators, their memberships, sessions, passwords and second factors, and the
// one-time codes for the first owner, for invitations and for forgotten passwords.
//
// Owns: who somebody is, and which role in which tenant; how guessing is slowed; how long sessions and codes live.
// Does not own: cookies and forms (web), bearers of the Management API (signing, mgmt), what a role means (tenant.Role), where rows
// are stored.
// May import: tenant, limit, golang.org/x/crypto/argon2.
package admin
