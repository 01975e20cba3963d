package storetest

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/writ-auth/writ/internal/seal"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// testSecrets: no secret is stored in clear, and only the right master key opens the database.
func testSecrets(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	t.Run("a wrong master key is refused, and does no harm", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		wrong := w.cfg
		wrong.Master = newMaster(t)
		db, err := store.Open(ctx, wrong)
		wantError(t, err, seal.ErrWrongMasterKey)
		if db != nil {
			t.Error("a store came with the error")
		}
		again := w.open(t)
		wantEqual(t, must(again.Tenant("acme").Clients().Get(ctx, "c-1"))(t).ClientSecret, client("c-1").ClientSecret)
	})
	t.Run("no secret is in the files in clear", func(t *testing.T) {
		w := start(t, newDatabase)
		if w.cfg.Dir == "" {
			t.Skip("this engine keeps no files here")
		}
		const canary, visible = "CANARY-3f1c", "visible-7b2e"
		c := client("c-1")
		c.ClientSecret, c.Name = canary+"-client-secret-", visible
		hs256 := api("rs-1", "https://timesheets")
		hs256.SigningAlg, hs256.SigningSecret = tenant.HS256, canary+"-signing-secret"
		key := signingKey("kid-1", tenant.FamilyRSA, tenant.KeyCurrent)
		key.PrivateKey = canary + "-private-key"
		insert(t, w, "acme", store.Scope.Clients, c)
		insert(t, w, "acme", store.Scope.ResourceServers, hs256)
		insert(t, w, "acme", store.Scope.SigningKeys, key)
		stream := logStream("lst_1")
		stream.Sink = canary + "-sink"
		insert(t, w, "acme", store.Scope.LogStreams, stream)
		o := operator("op_1", "ada@example.com")
		o.Credentials = tenant.OperatorCredentials{PasswordHash: canary + "-hash", TOTPSecret: canary + "-totp", PendingTOTPSecret: canary + "-pending",
			RecoveryCodes: []string{canary + "-recovery"}}
		w.people(t, func(p store.People) error { return p.InsertOperator(ctx, o) })

		found := func(text string) bool { return inFiles(t, w.cfg.Dir, text) }
		if !found(visible) {
			t.Error("the search itself finds nothing: this test could not fail")
		}
		if found(canary) {
			t.Error("a secret is stored in clear")
		}
		wantError(t, w.db.Close(), nil)
		if found(canary) {
			t.Error("a secret is stored in clear after closing")
		}
	})
	t.Run("no digest of a secret is in the files: a chosen one could be guessed from it", func(t *testing.T) {
		w := start(t, newDatabase)
		if w.cfg.Dir == "" {
			t.Skip("this engine keeps no files here")
		}
		c := client("c-1")
		c.ClientSecret = "hunter2"
		insert(t, w, "acme", store.Scope.Clients, c)
		digest := sha256.Sum256([]byte("hunter2"))
		for _, form := range []string{string(digest[:]), hex.EncodeToString(digest[:]), base64.StdEncoding.EncodeToString(digest[:])} {
			if inFiles(t, w.cfg.Dir, form) {
				t.Errorf("the SHA-256 of the secret is stored: %q", form)
			}
		}
	})
	t.Run("the files are their owner's alone", func(t *testing.T) {
		w := start(t, newDatabase)
		if w.cfg.Dir == "" {
			t.Skip("this engine keeps no files here")
		}
		eachFile(t, w.cfg.Dir, func(path string, info fs.FileInfo) {
			if info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s has mode %v", path, info.Mode())
			}
		})
	})
}

func inFiles(t *testing.T, dir, text string) bool {
	t.Helper()
	found := false
	eachFile(t, dir, func(path string, _ fs.FileInfo) {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		found = found || bytes.Contains(content, []byte(text))
	})
	return found
}

func eachFile(t *testing.T, dir string, visit func(path string, info fs.FileInfo)) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		visit(filepath.Join(dir, entry.Name()), info)
	}
}
