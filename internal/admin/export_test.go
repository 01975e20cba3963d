package admin

// HOTP is the code that an authenticator shows in a time step.
func HOTP(key []byte, step int64) string { return hotp(key, step) }
