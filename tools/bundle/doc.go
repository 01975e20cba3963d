// Command bundle makes internal/web/thirdparty: what the dashboard uses of third-party code, prebundled, compressed and committed, so
// that building and running writ needs no Node. Run it after a change of browser/package.json, and when a source imports a name that
// none has imported before:
//
//	npm ci --prefix browser && go -C tools run ./bundle
//
// With -check it writes nothing and fails if what is committed differs from what it would write.
package main
