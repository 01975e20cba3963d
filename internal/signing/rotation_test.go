package signing

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/tenant"
)

// Keys for rotation need no cryptography.
func bareKey(kid string, family tenant.KeyFamily, state tenant.KeyState, since, until time.Time) tenant.SigningKey {
	return tenant.SigningKey{KID: kid, Family: family, State: state, CurrentSince: since, CurrentUntil: until}
}

var (
	day1 = testStart
	day2 = testStart.AddDate(0, 0, 1)
	day3 = testStart.AddDate(0, 0, 2)
)

// twoFamilies were rotated once, at day2.
func twoFamilies() tenant.KeySet {
	return tenant.KeySet{
		bareKey("r3", tenant.FamilyRSA, tenant.KeyNext, time.Time{}, time.Time{}),
		bareKey("e3", tenant.FamilyEC, tenant.KeyNext, time.Time{}, time.Time{}),
		bareKey("r2", tenant.FamilyRSA, tenant.KeyCurrent, day2, time.Time{}),
		bareKey("e2", tenant.FamilyEC, tenant.KeyCurrent, day2, time.Time{}),
		bareKey("r1", tenant.FamilyRSA, tenant.KeyPrevious, day1, day2),
		bareKey("e1", tenant.FamilyEC, tenant.KeyPrevious, day1, day2),
	}
}

func freshKeys() map[tenant.KeyFamily]tenant.SigningKey {
	return map[tenant.KeyFamily]tenant.SigningKey{
		tenant.FamilyRSA: bareKey("r4", tenant.FamilyRSA, tenant.KeyNext, time.Time{}, time.Time{}),
		tenant.FamilyEC:  bareKey("e4", tenant.FamilyEC, tenant.KeyNext, time.Time{}, time.Time{}),
	}
}

func TestRotateMovesEveryFamilyOn(t *testing.T) {
	set := twoFamilies()
	changed, inserted, err := Rotate(set, freshKeys(), day3)
	if err != nil {
		t.Fatal(err)
	}
	want := []tenant.SigningKey{
		bareKey("r2", tenant.FamilyRSA, tenant.KeyPrevious, day2, day3),
		bareKey("r3", tenant.FamilyRSA, tenant.KeyCurrent, day3, time.Time{}),
		bareKey("e2", tenant.FamilyEC, tenant.KeyPrevious, day2, day3),
		bareKey("e3", tenant.FamilyEC, tenant.KeyCurrent, day3, time.Time{}),
	}
	if diff := cmp.Diff(want, changed); diff != "" {
		t.Errorf("changed (-want +got):\n%s", diff)
	}
	fresh := freshKeys()
	if diff := cmp.Diff([]tenant.SigningKey{fresh[tenant.FamilyRSA], fresh[tenant.FamilyEC]}, inserted); diff != "" {
		t.Errorf("inserted (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(twoFamilies(), set); diff != "" {
		t.Errorf("the snapshot was written to:\n%s", diff)
	}
}

func TestRotateLeavesAnAbsentFamilyAbsent(t *testing.T) {
	set := tenant.KeySet{twoFamilies()[0], twoFamilies()[2]}
	changed, inserted, err := Rotate(set, freshKeys(), day3)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range append(changed, inserted...) {
		if key.Family != tenant.FamilyRSA {
			t.Errorf("%s of the family %s came from nowhere", key.KID, key.Family)
		}
	}
}

func TestRotateRefuses(t *testing.T) {
	without := func(i int) tenant.KeySet { set := twoFamilies(); return append(set[:i:i], set[i+1:]...) }
	fresh := freshKeys()
	noEC := map[tenant.KeyFamily]tenant.SigningKey{tenant.FamilyRSA: fresh[tenant.FamilyRSA]}
	wrongFamily := map[tenant.KeyFamily]tenant.SigningKey{tenant.FamilyRSA: fresh[tenant.FamilyEC], tenant.FamilyEC: fresh[tenant.FamilyEC]}
	alreadyCurrent := freshKeys()
	alreadyCurrent[tenant.FamilyEC] = bareKey("e4", tenant.FamilyEC, tenant.KeyCurrent, day3, time.Time{})
	tests := []struct {
		name  string
		set   tenant.KeySet
		fresh map[tenant.KeyFamily]tenant.SigningKey
	}{
		{"no keys", nil, fresh},
		{"a family without next", without(1), fresh},
		{"a family without current", without(2), fresh},
		{"no fresh key for a family", twoFamilies(), noEC},
		{"a fresh key of another family", twoFamilies(), wrongFamily},
		{"a fresh key that is not next", twoFamilies(), alreadyCurrent},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			changed, inserted, err := Rotate(tt.set, tt.fresh, day3)
			if err == nil || changed != nil || inserted != nil {
				t.Errorf("changed %v, inserted %v, err %v", changed, inserted, err)
			}
		})
	}
}

func TestRevokeEndsTheWholeGeneration(t *testing.T) {
	older := append(twoFamilies(), bareKey("r0", tenant.FamilyRSA, tenant.KeyPrevious, day1.AddDate(0, 0, -1), day1))
	tests := []struct {
		kid  string
		want []string
	}{
		{"r1", []string{"r1", "e1"}},
		{"e1", []string{"e1", "r1"}},
		{"r0", []string{"r0"}}, // the EC family did not exist yet
	}
	for _, tt := range tests {
		t.Run(tt.kid, func(t *testing.T) {
			changed, err := Revoke(older, tt.kid, day3)
			if err != nil {
				t.Fatal(err)
			}
			var kids []string
			for _, key := range changed {
				kids = append(kids, key.KID)
				if key.State != tenant.KeyRevoked || !key.RevokedAt.Equal(day3) || key.CurrentUntil.IsZero() {
					t.Errorf("%+v", key)
				}
			}
			if diff := cmp.Diff(tt.want, kids); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRevokeFindsOnlyPreviousKeys(t *testing.T) {
	set := append(twoFamilies(), bareKey("gone", tenant.FamilyRSA, tenant.KeyRevoked, day1, day2))
	for _, kid := range []string{"r2", "r3", "gone", "unknown", ""} {
		if changed, err := Revoke(set, kid, day3); !errors.Is(err, tenant.ErrNotFound) || changed != nil {
			t.Errorf("%q: changed %v, err %v", kid, changed, err)
		}
	}
}
