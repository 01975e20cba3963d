// Package limit says how much is too much: of token requests, and of whatever else is counted against a rate.
//
// Owns: rates and their text form, buckets that are refilled at the top of each second, minute or hour, what is left of them; what a token
// costs its client and its organization.
// Does not own: which rate of requests belongs to whom (mgmt, admin), HTTP statuses (token, rest), the counters of quotas (store). Buckets
// count in this process only: every node of an installation counts for itself. Quotas are counted once for all nodes.
// May import: oauth, tenant.
package limit
