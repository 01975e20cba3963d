// Package eventlog is the room of the tenant log: what a search may say and how a record looks to its reader.
//
// Owns: the search language (q), the fields that may be searched, the record's wire form.
// Does not own: storage and order of records, paging, HTTP.
// May import: tenant, the standard library.
package eventlog
