// Package race tells tests whether the race detector is on. What is volume, or other processes, leaves itself out there: it tells nothing and
// takes minutes.
//
// Owns: Enabled.
// Does not own: what is left out (each test).
// May import: the standard library.
package race
