# make check is the gate: everything that has to hold before a change lands. Each stage prints its seconds (.ci/stage).

STAGE := .ci/stage
STATICCHECK := go tool -modfile=tools/go.mod staticcheck
FUZZTIME := 5s
UNWATCHED := modernc.org github.com/evanw/esbuild
NPM_FOLDERS := compat/node examples/timesheets/api-node

.PHONY: build check fmt vet lint race volume compat browser paint bench golden fuzz

build:
	go build -trimpath -o writ ./cmd/writ

# Volume cases and third-party clients wait as much as they work: they run beside each other, and each says what it did at its end.
check: fmt vet lint race
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target volume compat
	@$(MAKE) --no-print-directory browser

fmt:
	@$(STAGE) gofmt bash -c 'unformatted=$$(find . -name node_modules -prune -o -name "*.go" -exec gofmt -l {} +) && \
		[[ -z $$unformatted ]] || { echo "not gofmt-clean:"; echo "$$unformatted"; exit 1; }'

vet:
	@$(STAGE) 'go vet' go vet ./...
	@$(STAGE) 'go vet, compat' go -C compat vet ./...
	@$(STAGE) 'go vet, examples' go -C examples/timesheets vet ./...
	@$(STAGE) 'go vet, tools' go -C tools vet ./...

# staticcheck has a module of its own, so that it never enters the product's.
lint:
	@$(STAGE) staticcheck $(STATICCHECK) ./...
	@$(STAGE) 'staticcheck, compat' go -C compat tool -modfile=../tools/go.mod staticcheck ./...
	@$(STAGE) 'staticcheck, examples' go -C examples/timesheets tool -modfile=../../tools/go.mod staticcheck ./...

# The race detector, and the golden files: a test compares each. Needs gcc. The engines that our tests spend most of their time in, SQLite
# and esbuild, are not watched: ours is what is tested, and theirs is a third of the time.
race:
	@$(STAGE) 'go test -race' go test -race $(UNWATCHED:%=-gcflags=%/...=-race=false) -timeout 20m ./...

# What is too slow under the race detector leaves itself out there and runs here, at full length.
volume:
	@$(STAGE) 'volume cases' env WRIT_VOLUME=1 go test -count=1 -timeout 15m -run 'Volume|Nodes|Fault|Serve|Quota' ./internal/testenv/...

# Third-party clients and the Timesheets lab. -v because a client that is not installed skips, and a skip has to be seen. With
# CI=true it fails instead.
compat: $(NPM_FOLDERS:%=%/node_modules/.package-lock.json)
	@$(STAGE) 'third-party clients' go -C compat test -count=1 -timeout 25m -v ./...

# The dashboard: types, lint, its third-party code, and its journeys in Chromium over a real writ. Without npm or Chromium it skips
# aloud; with CI=true it fails instead.
browser: browser/node_modules/.package-lock.json
	@if command -v npm >/dev/null && command -v chromium >/dev/null; then \
		$(STAGE) 'dashboard, types' npm run --silent --prefix browser types && \
		$(STAGE) 'dashboard, lint' npm run --silent --prefix browser lint && \
		$(STAGE) 'dashboard, third-party code' go -C tools run ./bundle -check && \
		$(STAGE) 'dashboard, journeys' env WRIT_BROWSER=1 go test -count=1 -timeout 30m -v -run TestBrowser ./internal/web; \
	else echo 'npm or Chromium is not installed: the dashboard is not tested in a browser'; [ "$$CI" != true ]; fi

%/node_modules/.package-lock.json: %/package-lock.json
	@if command -v npm >/dev/null; then $(STAGE) 'npm ci, $*' npm ci --prefix $* --no-audit --no-fund; \
	else echo 'npm is not installed: nothing from npm in $*'; [ "$$CI" != true ]; fi

# How long the dashboard's pages take to be of use, into docs/dashboard.md. For a machine that does nothing else meanwhile.
paint: browser/node_modules/.package-lock.json
	@$(STAGE) 'dashboard, first paint' env WRIT_BROWSER=paint go test -count=1 -timeout 10m -run TestBrowser ./internal/web

bench: build
	go run ./bench -report docs/performance.md

# Writes the golden files anew; read the diff before you commit it. Only packages that have some know the flag.
golden:
	go test $$(grep -rl --include='*_test.go' 'flag.Bool("update"' internal | xargs -n1 dirname | sort -u | sed 's|^|./|') -update

fuzz:
	@$(STAGE) fuzz .ci/fuzz $(FUZZTIME)
