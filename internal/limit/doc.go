// Package limit counts requests against rates, in buckets that are refilled at the top of each second, minute or hour.
//
// Owns: rates and their text form, buckets, what is left of them.
// Does not own: which rate belongs to whom (mgmt), headers and refusals (rest). It counts in this process only: every node of an
// installation counts for itself.
// May import: nothing of writ.
package limit
