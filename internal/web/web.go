package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
)

// Prefix is where the console lives on the base domain.
const Prefix = "/manage/"

// assetPrefix is where files with their content's hash in the name are, for ever the same.
const assetPrefix = Prefix + "assets/"

// pageHandler serves the page and its assets: GET and HEAD under Prefix. Safe for concurrent use.
type pageHandler struct {
	// door says where someone without a session has to go first. Empty = the request has a session. An error is answered with 503.
	door  func(r *http.Request) (string, error)
	log   *slog.Logger
	app   func() (*app, error) // compiles on the first call
	files *thirdParty
}

// newPageHandler makes the handler. Nothing is compiled before the first request.
func newPageHandler(door func(r *http.Request) (string, error), log *slog.Logger) *pageHandler {
	files := openThirdParty()
	return &pageHandler{door: door, log: log, files: files, app: sync.OnceValues(func() (*app, error) { return compile(files) })}
}

func (h *pageHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	protect(w.Header())
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Method Not Allowed", http.StatusMethodNotAllowed)
		return
	}
	built, err := h.app()
	if err != nil {
		h.notCompiled(w, r, err)
		return
	}
	if name, ok := strings.CutPrefix(r.URL.Path, assetPrefix); ok {
		h.serveAsset(built, name, w, r)
		return
	}
	h.servePage(built, w, r)
}

func (h *pageHandler) notCompiled(w http.ResponseWriter, r *http.Request, err error) {
	h.log.ErrorContext(r.Context(), "the dashboard cannot be compiled", "error", err)
	http.Error(w, "The dashboard cannot be shown: see the server's log.", http.StatusInternalServerError)
}

// serveAsset needs no session: what is in a file is in the public repository too.
func (h *pageHandler) serveAsset(built *app, name string, w http.ResponseWriter, r *http.Request) {
	a, ok := built.assets[name]
	if !ok {
		a, ok = h.files.asset(name)
	}
	if !ok {
		http.NotFound(w, r)
		return
	}
	a.serve(w, r)
}

// servePage answers every path of the page, so that deep links work; which of them exist the page knows.
func (h *pageHandler) servePage(built *app, w http.ResponseWriter, r *http.Request) {
	door, err := h.door(r)
	switch {
	case errors.Is(err, context.Canceled): // nobody waits for the answer
		w.WriteHeader(http.StatusServiceUnavailable)
	case err != nil:
		h.log.ErrorContext(r.Context(), "cannot look up a session of the dashboard", "error", err)
		w.Header().Set("Retry-After", "1")
		http.Error(w, "The server cannot reach its store right now; retry later.", http.StatusServiceUnavailable)
	case door != "":
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, door, http.StatusSeeOther)
	default:
		if err := writePage(w, built, h.files); err != nil {
			h.log.WarnContext(r.Context(), "cannot send the dashboard's page", "error", err)
		}
	}
}
