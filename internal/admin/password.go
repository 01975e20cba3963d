package admin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/writ-auth/writ/internal/tenant"
	"golang.org/x/crypto/argon2"
)

const (
	saltSize = 16
	hashSize = 32

	// hashesAtOnce bounds the memory of hashing, hashesQueued who waits for it.
	hashesAtOnce = 2
	hashesQueued = 16
	// hashesPerGroup bounds who is inside of one address group, so that nobody fills the queue alone.
	hashesPerGroup = 2
	// hashesWait is what a caller is told to wait who finds no place.
	hashesWait = time.Second

	minPassword  = 12  // characters
	maxPassword  = 512 // bytes
	minDifferent = 5   // characters
)

// hashCost is what one hash of argon2id takes. A hash carries what it was made with.
type hashCost struct {
	memory  uint32 // KiB
	time    uint32 // passes
	threads uint8
}

// defaultCost is OWASP's for argon2id.
func defaultCost() hashCost { return hashCost{memory: 19 * 1024, time: 2, threads: 1} }

// checkPassword judges a password that somebody chooses. Errors: *tenant.FieldError for field.
func checkPassword(field, password, email string) error {
	switch {
	case !utf8.ValidString(password):
		return fieldError(field, "A password is text.")
	case utf8.RuneCountInString(password) < minPassword:
		return fieldError(field, "A password has at least 12 characters. A sentence of a few words is good.")
	case len(password) > maxPassword:
		return fieldError(field, "A password has at most 512 bytes.")
	case slices.Contains(worstPasswords(), strings.ToLower(password)) || isMonotonous(password):
		return fieldError(field, "This is among the first passwords that anybody tries.")
	case strings.EqualFold(password, email):
		return fieldError(field, "The password must not be the e-mail address.")
	}
	return nil
}

// isMonotonous reports whether a password is made of very few characters.
func isMonotonous(password string) bool {
	runes := []rune(strings.ToLower(password))
	slices.Sort(runes)
	return len(slices.Compact(runes)) < minDifferent
}

// worstPasswords are the most common of those that are long enough.
func worstPasswords() []string {
	return []string{
		"123456789012", "1234567890123", "12345678901234", "123456789012345", "1234567890123456", "012345678901", "0123456789012",
		"123456789123", "123456789123456789", "098765432109", "987654321098", "abcdefghijkl", "abcdefghijklm", "abcdefghijklmnop",
		"abcdefghijklmnopqrstuvwxyz", "abc123abc123", "abcd1234abcd", "abcd12345678", "1234abcd1234", "1q2w3e4r5t6y", "1q2w3e4r5t6y7u8i",
		"1qaz2wsx3edc", "1qaz2wsx3edc4rfv", "qazwsxedcrfv", "q1w2e3r4t5y6", "qwertyuiop12", "qwertyuiop123", "qwertyuiopas", "qwertyuiop[]",
		"qwertyuiopasdfgh", "qwertyuiopasdfghjkl", "qwertyuiopasdfghjklzxcvbnm", "qwerty123456", "qwerty12345678", "qwerty123qwerty",
		"123456qwerty", "qwertyqwerty", "asdfghjkl123", "asdfasdfasdf", "zxcvbnm12345", "password1234", "password12345", "password123456",
		"password1234567890", "passwordpassword", "password1password1", "password!123", "password@123", "password@1234", "p@ssw0rd1234",
		"p@ssword1234", "passw0rd1234", "mypassword12", "mypassword123", "newpassword1", "newpassword123", "changeme1234", "changemechangeme",
		"changeme12345", "welcome12345", "welcome123456", "welcomewelcome", "letmein12345", "letmein123456", "letmeinletmein",
		"administrator", "administrator1", "administrator123", "adminadminadmin", "adminpassword", "admin1234567", "admin12345678",
		"rootrootroot", "iloveyou1234", "iloveyouiloveyou", "iloveyou12345", "sunshine1234", "princess1234", "football1234",
		"superman1234", "dragondragon", "monkeymonkey", "trustno1trustno1", "correcthorsebatterystaple", "correct horse battery staple",
	}
}

// hasher makes and compares password hashes, few at once. Who wants one takes a place first. Safe for concurrent use.
type hasher struct {
	cost    hashCost
	working chan struct{} // one for each who works
	nobody  tenant.Secret // a hash that nothing matches

	mu     sync.Mutex // guards what follows
	places int        // of those who wait or work
	groups map[string]int
}

func newHasher(cost hashCost) *hasher {
	salt, sum := make([]byte, saltSize), make([]byte, hashSize)
	rand.Read(salt)
	rand.Read(sum)
	return &hasher{
		cost: cost, working: make(chan struct{}, hashesAtOnce), nobody: madeHash{cost, salt, sum}.format(), groups: map[string]int{},
	}
}

// place is somebody's in the hasher, until leave.
type place struct {
	*hasher
	group string
}

// enter takes a place for somebody of an address group; see addressGroup. Errors: *SlowDownError if too many are inside, of this group
// or at all.
func (h *hasher) enter(group string) (*place, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.places >= hashesAtOnce+hashesQueued || h.groups[group] >= hashesPerGroup {
		return nil, &SlowDownError{RetryAfter: hashesWait}
	}
	h.places++
	h.groups[group]++
	return &place{h, group}, nil
}

func (p *place) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.places--
	if p.groups[p.group]--; p.groups[p.group] == 0 {
		delete(p.groups, p.group)
	}
}

// work waits for its turn. Errors: the context's.
func (p *place) work(ctx context.Context) (done func(), err error) {
	select {
	case p.working <- struct{}{}:
		return func() { <-p.working }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// hash is the stored form of a password. Errors: the context's.
func (p *place) hash(ctx context.Context, password string) (tenant.Secret, error) {
	done, err := p.work(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	salt := make([]byte, saltSize)
	rand.Read(salt)
	return madeHash{p.cost, salt, p.cost.derive(password, salt, hashSize)}.format(), nil
}

// matches compares a password with a hash. An empty hash matches nothing, at the same cost. Errors: the context's; a hash that is none.
func (p *place) matches(ctx context.Context, stored tenant.Secret, password string) (bool, error) {
	if stored == "" {
		stored = p.nobody
	}
	if len(password) > maxPassword { // nobody's, as everybody can know
		return false, nil
	}
	made, err := parseHash(stored.Reveal())
	if err != nil {
		return false, err
	}
	done, err := p.work(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	sum := made.derive(password, made.salt, len(made.sum))
	return subtle.ConstantTimeCompare(sum, made.sum) == 1, nil
}

// hashPassword makes a hash for who comes from there. Errors: *SlowDownError; the context's.
func (d *Desk) hashPassword(ctx context.Context, password string, from Origin) (tenant.Secret, error) {
	place, err := d.passwords.enter(addressGroup(from.Address))
	if err != nil {
		return "", err
	}
	defer place.leave()
	return place.hash(ctx, password)
}

func (c hashCost) derive(password string, salt []byte, size int) []byte {
	return argon2.IDKey([]byte(password), salt, c.time, c.memory, c.threads, uint32(size))
}

// madeHash is a hash with what it was made with.
type madeHash struct {
	hashCost
	salt, sum []byte
}

// format is the PHC string format.
func (h madeHash) format() tenant.Secret {
	b64 := base64.RawStdEncoding
	return tenant.Secret(fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.time, h.threads,
		b64.EncodeToString(h.salt), b64.EncodeToString(h.sum)))
}

// parseHash reads what format made. The error does not repeat it.
func parseHash(text string) (madeHash, error) {
	var h madeHash
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return h, fmt.Errorf("admin: a stored password hash is not argon2id version %d", argon2.Version)
	}
	_, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.time, &h.threads)
	if err == nil {
		h.salt, err = base64.RawStdEncoding.DecodeString(parts[4])
	}
	if err == nil {
		h.sum, err = base64.RawStdEncoding.DecodeString(parts[5])
	}
	if err != nil || h.time == 0 || h.threads == 0 || len(h.sum) == 0 {
		return h, fmt.Errorf("admin: a stored password hash is damaged")
	}
	return h, nil
}
