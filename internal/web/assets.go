package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// asset is one file whose name holds its content's hash.
type asset struct {
	name string
	// body is the content, compressed if zipped.
	body   []byte
	zipped bool
}

// newAsset compresses a text once, at the cost of a few milliseconds.
func newAsset(name string, text []byte) (asset, error) {
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	if _, err := w.Write(text); err != nil {
		return asset{}, err
	}
	err := w.Close()
	return asset{name, zipped.Bytes(), true}, err
}

// serve sends the file for ever: another content has another name.
func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Set("Content-Type", mime.TypeByExtension(path.Ext(a.name)))
	header.Set("Vary", "Accept-Encoding")
	body := a.body
	switch {
	case a.zipped && acceptsGzip(r):
		header.Set("Content-Encoding", "gzip")
	case a.zipped:
		var err error
		if body, err = unzip(a.body); err != nil {
			http.Error(w, "Internal Server Error", http.StatusInternalServerError)
			return
		}
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the caller may have gone
	}
}

// acceptsGzip reads Accept-Encoding (RFC 9110 section 12.5.3) as far as browsers and curl use it.
func acceptsGzip(r *http.Request) bool {
	for coding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if name == "gzip" {
			return strings.TrimSpace(weight) != "q=0"
		}
	}
	return false
}

func unzip(body []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
