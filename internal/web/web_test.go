package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// door answers as one that always sends people to the same place; empty = they are signed in.
func door(path string) func(*http.Request) (string, error) {
	return func(*http.Request) (string, error) { return path, nil }
}

func newHandler(door func(*http.Request) (string, error)) *pageHandler {
	return newPageHandler(door, slog.New(slog.DiscardHandler))
}

func get(t *testing.T, h http.Handler, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, res *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// The page's own addresses all answer the same page, so that deep links work.
func TestPage(t *testing.T) {
	h := newHandler(door(""))
	for _, path := range []string{"/manage/", "/manage/t/acme/applications/abc?tab=apis", "/manage/account"} {
		res := get(t, h, path)
		if res.StatusCode != http.StatusOK || !strings.Contains(text(t, res), `<div id="root">`) {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
		for name, want := range map[string]string{
			"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
			"Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got := res.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
}

// The policy lets in files of this origin, and styles with the nonce of this answer only.
func TestPagePolicy(t *testing.T) {
	h := newHandler(door(""))
	nonces := map[string]bool{}
	for range 2 {
		res := get(t, h, "/manage/")
		policy := res.Header.Get("Content-Security-Policy")
		nonce := regexp.MustCompile(`'nonce-([A-Z2-7]{26})'`).FindStringSubmatch(policy)
		if nonce == nil || !strings.Contains(text(t, res), `<style nonce="`+nonce[1]+`">`) {
			t.Fatalf("no nonce in %q, or another in the page", policy)
		}
		nonces[nonce[1]] = true
		want := "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce[1] + "'; font-src 'self'; connect-src 'self'; " +
			"img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
		if policy != want {
			t.Errorf("policy %q, want %q", policy, want)
		}
	}
	if len(nonces) != 2 {
		t.Error("two answers have the same nonce")
	}
}

func TestDoor(t *testing.T) {
	t.Run("without a session the door is shown, for any page", func(t *testing.T) {
		res := get(t, newHandler(door("/manage/signin")), "/manage/t/acme/logs")
		if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/manage/signin" || res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%d %v", res.StatusCode, res.Header)
		}
	})
	t.Run("a store that is gone is a 503, and shows no page", func(t *testing.T) {
		h := newHandler(func(*http.Request) (string, error) { return "", errors.New("gone") })
		res := get(t, h, "/manage/")
		if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") != "1" || strings.Contains(text(t, res), "root") {
			t.Errorf("%d %v", res.StatusCode, res.Header)
		}
	})
	t.Run("assets need no session", func(t *testing.T) {
		h := newHandler(door("/manage/signin"))
		if res := get(t, h, "/manage/assets/"+h.files.Styles); res.StatusCode != http.StatusOK {
			t.Errorf("%d", res.StatusCode)
		}
	})
	t.Run("the page is only read", func(t *testing.T) {
		w := httptest.NewRecorder()
		newHandler(door("")).ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/manage/", nil))
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%d %v", w.Code, w.Header())
		}
	})
}

// Everything that the page names, and everything that these files import, can be had, for ever, compressed or not.
func TestAssets(t *testing.T) {
	h := newHandler(door(""))
	names := regexp.MustCompile(`/manage/assets/([\w.-]+)`)
	todo := names.FindAllStringSubmatch(text(t, get(t, h, "/manage/")), -1)
	seen := map[string]bool{}
	for len(todo) > 0 {
		name := todo[0][1]
		todo = todo[1:]
		if seen[name] {
			continue
		}
		seen[name] = true
		plain := get(t, h, "/manage/assets/"+name)
		body := text(t, plain)
		if plain.StatusCode != http.StatusOK || body == "" || plain.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: %d, %d bytes, %v", name, plain.StatusCode, len(body), plain.Header)
		}
		zipped := get(t, h, "/manage/assets/"+name, "Accept-Encoding", "br, gzip;q=0.8")
		if zipped.Header.Get("Content-Encoding") == "gzip" {
			back, err := unzip([]byte(text(t, zipped)))
			if err != nil || string(back) != body {
				t.Errorf("%s: compressed it is something else: %v", name, err)
			}
		} else if !strings.HasSuffix(name, ".woff2") {
			t.Errorf("%s is not compressed", name)
		}
		if plain.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || plain.Header.Get("Content-Type") == "" {
			t.Errorf("%s: %v", name, plain.Header)
		}
		todo = append(todo, names.FindAllStringSubmatch(body, -1)...)
		todo = append(todo, regexp.MustCompile(`"\./([\w-]+\.js)"`).FindAllStringSubmatch(body, -1)...)
	}
	if len(seen) < 10 {
		t.Errorf("only %d files were found: %v", len(seen), seen)
	}
	if res := get(t, h, "/manage/assets/nothing.js"); res.StatusCode != http.StatusNotFound {
		t.Errorf("a file that is not there: %d", res.StatusCode)
	}
	if res := get(t, h, "/manage/assets/manifest.json"); res.StatusCode != http.StatusNotFound {
		t.Errorf("a file that is none of the page's: %d", res.StatusCode)
	}
}

// Licences of what is bundled are sent with it.
func TestLicences(t *testing.T) {
	res := get(t, newHandler(door("")), "/manage/assets/LICENCES.txt")
	if body := text(t, res); res.StatusCode != http.StatusOK || !strings.Contains(body, "==== @mantine/core") {
		t.Errorf("%d %.100s", res.StatusCode, body)
	}
}

func TestAcceptsGzip(t *testing.T) {
	for header, want := range map[string]bool{"": false, "gzip": true, "deflate, gzip": true, "gzip;q=0": false, "br": false, "gzip;q=0.5, br": true} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", header)
		if got := acceptsGzip(r); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
}

// The first load is what the page names; charts and the like come when they are shown.
func TestPreload(t *testing.T) {
	built, err := newHandler(door("")).app()
	if err != nil {
		t.Fatal(err)
	}
	if len(built.preload) == 0 {
		t.Error("nothing is preloaded")
	}
	for _, name := range built.preload {
		if strings.HasPrefix(name, "mantine-charts") || name == built.main {
			t.Errorf("%s is preloaded", name)
		}
	}
}

// Whoever goes away before the answer is no fault of ours: strangers could fill the log with it.
func TestARequestThatWasGivenUpIsNoError(t *testing.T) {
	var logged strings.Builder
	log := slog.New(slog.NewTextHandler(&logged, nil))
	gone := fmt.Errorf("hashing: %w", context.Canceled)
	c := &Console{ConsoleConfig: ConsoleConfig{Log: log}}
	c.page = newPageHandler(func(*http.Request) (string, error) { return "", gone }, log)
	for name, serve := range map[string]http.HandlerFunc{
		"a form":                  func(w http.ResponseWriter, r *http.Request) { c.refuse(w, r, view{Title: "Sign in"}, gone) },
		"an operation":            func(w http.ResponseWriter, r *http.Request) { c.fail(w, r, gone) },
		"the page of the console": c.page.ServeHTTP,
	} {
		if res := get(t, serve, "/manage/"); res.StatusCode != http.StatusServiceUnavailable || logged.Len() > 0 {
			t.Errorf("%s: %d, and the log says %s", name, res.StatusCode, logged.String())
		}
		logged.Reset()
	}
}
