// Package compat drives a running writ with clients that its authors did not write, unmodified, over HTTPS with the local CA:
// curl, Python's http.client, x/oauth2, and from npm auth0 (7.1, 6.4) and jose.
//
// Owns: the world that those clients meet (one tenant, its APIs, its clients) and what they must see there.
// Does not own: the server's own rules, which its packages test; the clients, which come as their authors publish them.
// May import: nothing of writ: it knows the binary's command line and the two APIs, as a stranger does.
package compat
