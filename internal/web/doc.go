// Package web is the dashboard: the page that runs in the browser, and the forms by which people get there.
//
// Owns: app/ (TypeScript, compiled in process on the first request), thirdparty/ (prebundled, made by tools/bundle), the pages' HTML and
// Content-Security-Policies, the cookies, the page's own operations below /manage/.
// Does not own: sessions, operators and roles (admin); bearers (signing, by a function of server); data, which the page gets from the
// Management API with such a bearer.
// May import: admin, limit, tenant, the standard library, esbuild.
package web
