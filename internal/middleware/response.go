package middleware

import (
	"io"
	"net/http"
)

// response notes what was answered. Flush, deadlines and hijacking work through http.ResponseController, which unwraps it;
// ReadFrom is passed on so that large bodies still go by sendfile.
type response struct {
	http.ResponseWriter
	status int // 0 until the header is written
	bytes  int64
	tenant string
}

var _ io.ReaderFrom = (*response)(nil)

func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *response) WriteHeader(status int) {
	if w.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) { // 1xx come before the real one
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *response) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

func (w *response) ReadFrom(src io.Reader) (int64, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := io.Copy(w.ResponseWriter, src)
	w.bytes += n
	return n, err
}

// find returns the response that w wraps; nil if there is none.
func find(w http.ResponseWriter) *response {
	for w != nil {
		if found, ok := w.(*response); ok {
			return found
		}
		unwrapper, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return nil
		}
		w = unwrapper.Unwrap()
	}
	return nil
}

// innermost is the server's own writer, for what net/http does only with that.
func innermost(w http.ResponseWriter) http.ResponseWriter {
	for {
		unwrapper, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return w
		}
		w = unwrapper.Unwrap()
	}
}

// SetTenant tells the access log which tenant a request was for. Without AccessLog it does nothing.
func SetTenant(w http.ResponseWriter, name string) {
	if found := find(w); found != nil {
		found.tenant = name
	}
}
