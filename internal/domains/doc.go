// Package domains decides which tenant an authority names and with which certificate it is answered: canonical domains,
// the resolver of every request, the local CA and its leaves, certificates from files, the TLS settings.
//
// Owns: authority -> tenant.Site, domains derived from tenant.Instance, certificates and their renewal.
// Does not own: the files and locks of the data directory and the listeners (server), HTTP answers.
// May import: the standard library, tenant.
package domains
