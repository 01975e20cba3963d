package server

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/writ-auth/writ/internal/web"
)

// The dashboard names the local CA's files by absolute paths, and only while certificates are of that CA.
func TestLocalCAIsToldWhileItServes(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	got := (&Server{cfg: Config{Data: "./writ-data"}}).localCA()
	want := &web.LocalCA{Certificate: filepath.Join(dir, "writ-data", "ca.pem"), Bundle: filepath.Join(dir, "writ-data", "ca-bundle.pem")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := (&Server{cfg: Config{Data: "./writ-data", TLSCert: "tls.crt"}}).localCA(); got != nil {
		t.Errorf("with a certificate of the operator's: %v", got)
	}
}
