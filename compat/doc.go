// Package compat drives a running writ with clients that its authors did not write, unmodified, over HTTPS with the local CA: curl, Python's
// http.client, Debian's authlib and PyJWT; x/oauth2, go-oidc, go-jwt-middleware and jwx; and from npm auth0 (7.1, 6.4), auth0-deploy-cli,
// auth0-auth-js, openid-client, oauth4webapi, simple-oauth2, express-oauth2-jwt-bearer and jose. What go-auth0, auth0-cli and the Terraform
// provider send, which are on no module proxy, is sent by hand (replay_*_test.go). It also runs the lab of examples/timesheets.
//
// Owns: the world that those clients meet (two tenants that look alike, their APIs and clients; two as new) and what they must see there.
// Does not own: the server's own rules, which its packages test; the clients, which come as their authors publish them.
// May import: nothing of writ: it knows the binary's command line and the two APIs, as a stranger does.
package compat
