// Package action is the room of Actions: code of a tenant that runs on a trigger.
//
// Owns: what of it can be built, and how much of it is read.
// Does not own: the objects (tenant), their rules and wire form (mgmt), where they are kept (store). Nothing runs code yet.
// May import: oauth, tenant, the standard library, esbuild.
package action
