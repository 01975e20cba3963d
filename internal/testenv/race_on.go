//go:build race

package testenv

// Race reports whether the race detector is on: volume tests leave themselves out, it makes them tell nothing and take minutes.
const Race = true
