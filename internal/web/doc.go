// Package web is the dashboard: the page that runs in the browser, its sources, its third-party code, and how they are sent.
//
// Owns: app/ (TypeScript, compiled in process on the first request), thirdparty/ (prebundled, made by tools/bundle), the page's HTML and
// its Content-Security-Policy.
// Does not own: sessions and operators (internal/admin); data, which the page gets from the Management API with a bearer of its own.
// May import: admin, mgmt, tenant, the standard library, esbuild.
package web
