// Package rest turns typed functions into HTTP endpoints that speak Auth0's Management API dialect: closed JSON Schemas with
// z-schema's texts, Auth0's PATCH, two ways of paging, field selection, one error envelope, and an OpenAPI document.
//
// Owns: reading and judging a request, the answer's form, HTTP statuses under /api/v2, the catalogue of general errors.
// Does not own: what any resource is, who may call (an Authenticate function is injected), storage, the log.
// May import: tenant, jsonschema, the standard library.
package rest
