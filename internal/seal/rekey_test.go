package seal

import "testing"

// What was sealed before a rekeying opens during it; afterwards only what the fresh key and the one before it sealed.
func TestRekeying(t *testing.T) {
	m := newMaster(t)
	first, err := m.NewDataKey("acme")
	if err != nil {
		t.Fatal(err)
	}
	byFirst := sealWith(t, m, first)

	second, id2, err := m.AddKey("acme", first)
	if err != nil {
		t.Fatal(err)
	}
	bySecond := sealWith(t, m, second)
	wantOpens(t, m, "while secrets are sealed anew", second, byFirst, true)
	wantOpens(t, m, "a process that has not heard of it", first, bySecond, false)
	if second, err = m.RetireKeys("acme", second, id2); err != nil {
		t.Fatal(err)
	}
	wantOpens(t, m, "under the key before", second, byFirst, true)

	third, id3, err := m.AddKey("acme", second)
	if err != nil {
		t.Fatal(err)
	}
	if third, err = m.RetireKeys("acme", third, id3); err != nil {
		t.Fatal(err)
	}
	wantOpens(t, m, "under the key before the last", third, bySecond, true)
	wantOpens(t, m, "under a retired key", third, byFirst, false)

	// Two rekeyings at once: the first to end leaves alone what the second has not sealed anew yet.
	fourth, id4, err := m.AddKey("acme", third)
	if err != nil {
		t.Fatal(err)
	}
	byFourth := sealWith(t, m, fourth)
	fifth, _, err := m.AddKey("acme", fourth)
	if err != nil {
		t.Fatal(err)
	}
	sixth, id6, err := m.AddKey("acme", fifth)
	if err != nil {
		t.Fatal(err)
	}
	if sixth, err = m.RetireKeys("acme", sixth, id4); err != nil {
		t.Fatal(err)
	}
	wantOpens(t, m, "under a key that others are still leaving", sixth, byFourth, true)
	if sixth, err = m.RetireKeys("acme", sixth, id6); err != nil {
		t.Fatal(err)
	}
	if again, err := m.RetireKeys("acme", sixth, id4); err != nil {
		t.Error(err)
	} else {
		wantOpens(t, m, "the end of a rekeying that was overtaken", again, sealWith(t, m, sixth), true)
	}
}

func sealWith(t *testing.T, m *Master, dataKey string) string {
	t.Helper()
	key, err := m.OpenDataKey("acme", dataKey)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := key.Seal("clients", "c-1", []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func wantOpens(t *testing.T, m *Master, rule, dataKey, sealed string, want bool) {
	t.Helper()
	key, err := m.OpenDataKey("acme", dataKey)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := key.Open("clients", "c-1", sealed); (err == nil) != want {
		t.Errorf("%s: opens %v, want %v", rule, err == nil, want)
	}
}
