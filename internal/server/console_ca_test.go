package server

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/writ-auth/writ/internal/web"
)

// The dashboard names the local CA's files by absolute paths, and only while callers meet that CA.
func TestLocalCAIsToldWhileItServes(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	got := (&Server{cfg: Config{Data: "./writ-data"}}).localCA()
	want := &web.LocalCA{Certificate: filepath.Join(dir, "writ-data", "ca.pem"), Bundle: filepath.Join(dir, "writ-data", "ca-bundle.pem")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for what, cfg := range map[string]Config{
		"a certificate of the operator's": {Data: "./writ-data", TLSCert: "tls.crt"},
		"a proxy":                         {Data: "./writ-data", TrustedProxies: []string{"10.0.0.1"}},
	} {
		if got := (&Server{cfg: cfg}).localCA(); got != nil {
			t.Errorf("with %s: %v", what, got)
		}
	}
}
