package web

import (
	"bytes"
	"crypto/rand"
	_ "embed"
	"html/template"
	"net/http"
)

//go:embed page.html
var pageText string

// pageTemplate is parsed once; html/template escapes by context.
var pageTemplate = template.Must(template.New("page").Parse(pageText))

// pageView is what page.html shows.
type pageView struct {
	// Nonce is the one style element's. The page's scripts read it from there for the style elements that Mantine adds.
	Nonce                    string
	Assets                   string
	Main, Scheme, Icon       string
	ThirdPartyStyles, Styles string
	Preload, Fonts           []string
}

// protect sets the headers that every answer of the console carries. The pages have wider policies of their own.
func protect(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// pagePolicy is the page's Content-Security-Policy: scripts only from files, styles only from files and elements with the nonce,
// connections only to this origin. Pictures may be data: for what components draw. Frames of others never show the page.
func pagePolicy(nonce string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce + "'; font-src 'self'; connect-src 'self'; " +
		"img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
}

func writePage(w http.ResponseWriter, built *app, files *thirdParty) error {
	view := pageView{
		Nonce: rand.Text(), Assets: assetPrefix,
		Main: built.main, Scheme: built.scheme, Icon: built.icon, ThirdPartyStyles: files.Styles, Styles: built.styles,
		Preload: built.preload, Fonts: files.Fonts,
	}
	var text bytes.Buffer
	if err := pageTemplate.Execute(&text, view); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Security-Policy", pagePolicy(view.Nonce))
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	_, err := w.Write(text.Bytes())
	return err
}
