// Package token is POST /oauth/token: one straight pipeline from the request to the signed, recorded answer.
//
// Owns: the order of the steps, the only reader of the request, the HTTP status of every refusal, the log record.
// Does not own: any decision of a step; each is a room behind an interface of one method, declared here.
// May import: oauth, tenant, the rooms' values; net/http.
package token
