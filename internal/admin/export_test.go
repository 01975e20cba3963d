package admin

// HOTP is the code that an authenticator shows in a time step.
func HOTP(key []byte, step int64) string { return hotp(key, step) }

// NewCheap is New with hashes that cost next to nothing: the race detector makes real ones ten times as slow.
func NewCheap(cfg Config) *Desk {
	d := New(cfg)
	d.passwords = newHasher(hashCost{memory: 8, time: 1, threads: 1})
	return d
}
