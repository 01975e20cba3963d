package domains

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"
)

// pollEvery is how often certificate files are read again. By content, not by time: mounted secrets are swapped by symlink.
const pollEvery = 5 * time.Second

// Files serves the certificate of --tls-cert and --tls-key and follows the files. Safe for concurrent use.
type Files struct {
	certFile, keyFile string
	log               *slog.Logger
	now               func() time.Time
	current           atomic.Pointer[tls.Certificate]
	seen              [sha256.Size]byte // digest of the files as last judged; only Watch touches it after OpenFiles
}

// OpenFiles loads a certificate chain and its key, both PEM. Errors: unreadable, not a pair, expired.
func OpenFiles(certFile, keyFile string, log *slog.Logger, now func() time.Time) (*Files, error) {
	f := &Files{certFile: certFile, keyFile: keyFile, log: log, now: now}
	certPEM, keyPEM, err := f.read()
	if err != nil {
		return nil, err
	}
	pair, err := f.parse(certPEM, keyPEM)
	if err != nil {
		return nil, err
	}
	f.current.Store(pair)
	f.seen = digest(certPEM, keyPEM)
	return f, nil
}

// GetCertificate is for tls.Config: one certificate for every host.
func (f *Files) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return f.current.Load(), nil
}

// Watch reads the files every few seconds until ctx ends. A pair that is broken is logged once, and the old one stays.
func (f *Files) Watch(ctx context.Context) {
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	unreadable := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		certPEM, keyPEM, err := f.read()
		if err != nil {
			if !unreadable {
				f.log.WarnContext(ctx, "TLS certificate files cannot be read; the loaded ones stay in use", "error", err)
			}
			unreadable = true
			continue
		}
		unreadable = false
		f.reload(ctx, certPEM, keyPEM)
	}
}

func (f *Files) reload(ctx context.Context, certPEM, keyPEM []byte) {
	seen := digest(certPEM, keyPEM)
	if seen == f.seen {
		return
	}
	f.seen = seen
	pair, err := f.parse(certPEM, keyPEM)
	if err != nil {
		f.log.ErrorContext(ctx, "new TLS certificate refused; the old one stays in use", "error", err)
		return
	}
	f.current.Store(pair)
	f.log.InfoContext(ctx, "TLS certificate reloaded", "subject", pair.Leaf.Subject.String(), "not_after", pair.Leaf.NotAfter)
}

func (f *Files) read() (certPEM, keyPEM []byte, err error) {
	if certPEM, err = os.ReadFile(f.certFile); err != nil {
		return nil, nil, fmt.Errorf("TLS certificate: %w", err)
	}
	if keyPEM, err = os.ReadFile(f.keyFile); err != nil {
		return nil, nil, fmt.Errorf("TLS key: %w", err)
	}
	return certPEM, keyPEM, nil
}

func (f *Files) parse(certPEM, keyPEM []byte) (*tls.Certificate, error) {
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		return nil, fmt.Errorf("TLS certificate %s with key %s: %w", f.certFile, f.keyFile, err)
	}
	if f.now().After(pair.Leaf.NotAfter) {
		return nil, fmt.Errorf("TLS certificate %s expired on %s", f.certFile, pair.Leaf.NotAfter.Format(time.DateOnly))
	}
	return &pair, nil
}

func digest(certPEM, keyPEM []byte) [sha256.Size]byte {
	return sha256.Sum256(bytes.Join([][]byte{certPEM, keyPEM}, []byte{0}))
}
