package seal

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func newMaster(t *testing.T) *Master {
	t.Helper()
	m, err := NewMaster(NewMasterKey())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func newDataKey(t *testing.T, m *Master, tenantName string) *DataKey {
	t.Helper()
	sealed, err := m.NewDataKey(tenantName)
	if err != nil {
		t.Fatal(err)
	}
	key, err := m.OpenDataKey(tenantName, sealed)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestMasterKeyText(t *testing.T) {
	key := NewMasterKey()
	got, err := ParseMasterKey(" " + FormatMasterKey(key) + "\n")
	if err != nil || !bytes.Equal(got, key) {
		t.Errorf("ParseMasterKey(FormatMasterKey(key)) = %v bytes, %v", len(got), err)
	}
	for name, text := range map[string]string{
		"empty":      "",
		"too short":  FormatMasterKey(key[:31]),
		"too long":   FormatMasterKey(append(bytes.Clone(key), 0)),
		"not base64": "correct horse battery staple!",
		"truncated":  FormatMasterKey(key)[:20],
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseMasterKey(text)
			if err == nil {
				t.Fatal("no error")
			}
			if !strings.Contains(err.Error(), "32 bytes") {
				t.Errorf("%q does not say what is wanted", err)
			}
			if text != "" && strings.Contains(err.Error(), text) {
				t.Errorf("%q repeats the key", err)
			}
		})
	}
	if _, err := NewMaster(key[:16]); err == nil {
		t.Error("NewMaster took 16 bytes")
	}
}

func TestMasterKeyCheck(t *testing.T) {
	m := newMaster(t)
	check, err := m.SealCheck()
	if err != nil {
		t.Fatal(err)
	}
	if err := m.VerifyCheck(check); err != nil {
		t.Errorf("its own check: %v", err)
	}
	if err := newMaster(t).VerifyCheck(check); !errors.Is(err, ErrWrongMasterKey) {
		t.Errorf("another key's check: %v, want ErrWrongMasterKey", err)
	}
	for _, damaged := range []string{"", "no base64!", check[:8]} {
		if err := m.VerifyCheck(damaged); !errors.Is(err, ErrWrongMasterKey) {
			t.Errorf("VerifyCheck(%q): %v, want ErrWrongMasterKey", damaged, err)
		}
	}
}

func TestDataKeyIsBoundToTenantAndMaster(t *testing.T) {
	m := newMaster(t)
	sealed, err := m.NewDataKey("acme")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.OpenDataKey("other", sealed); err == nil {
		t.Error("opened for another tenant")
	}
	if _, err := newMaster(t).OpenDataKey("acme", sealed); !errors.Is(err, ErrWrongMasterKey) {
		t.Errorf("opened under another master key: %v, want ErrWrongMasterKey", err)
	}
	if err := m.VerifyCheck(sealed); err == nil {
		t.Error("a data key passes as the master key check")
	}
}

func TestSealIsBoundToItsRow(t *testing.T) {
	m := newMaster(t)
	acme := newDataKey(t, m, "acme")
	const secret = "s3cret"
	sealed, err := acme.Seal("clients", "id/with/slashes", []byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(sealed, secret) {
		t.Error("not sealed at all")
	}
	again, err := acme.Seal("clients", "id/with/slashes", []byte(secret))
	if err != nil || again == sealed {
		t.Errorf("equal secrets can be told from their sealed text (%v)", err)
	}
	got, err := acme.Open("clients", "id/with/slashes", sealed)
	if err != nil || string(got) != secret {
		t.Errorf("Open = %q, %v", got, err)
	}
	flipped := "A" + sealed[1:]
	if sealed[0] == 'A' {
		flipped = "B" + sealed[1:]
	}
	for _, c := range []struct {
		rule              string
		key               *DataKey
		table, id, sealed string
	}{
		{"another row", acme, "clients", "other", sealed},
		{"another table", acme, "signing_keys", "id/with/slashes", sealed},
		{"another tenant", newDataKey(t, m, "other"), "clients", "id/with/slashes", sealed},
		{"another key of the same tenant", newDataKey(t, m, "acme"), "clients", "id/with/slashes", sealed},
		{"changed text", acme, "clients", "id/with/slashes", flipped},
		{"truncated text", acme, "clients", "id/with/slashes", sealed[:16]},
		{"empty text", acme, "clients", "id/with/slashes", ""},
		{"no base64", acme, "clients", "id/with/slashes", "no base64!"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			if got, err := c.key.Open(c.table, c.id, c.sealed); err == nil {
				t.Errorf("opened: %q", got)
			}
		})
	}
}

// The keys cannot be read out of a log line that was written about them by mistake.
func TestKeysDoNotPrint(t *testing.T) {
	key := NewMasterKey()
	m, err := NewMaster(key)
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	slog.New(slog.NewJSONHandler(&buf, nil)).Info("keys", "master", m, "data", newDataKey(t, m, "acme"))
	fmt.Fprintf(&buf, "%v %+v %s %#v", m, m, m, m)
	for _, form := range []string{FormatMasterKey(key), fmt.Sprint(key), fmt.Sprintf("%#v", key), fmt.Sprintf("%x", key)} {
		if strings.Contains(buf.String(), form) {
			t.Errorf("the master key was printed as %s", form)
		}
	}
}
