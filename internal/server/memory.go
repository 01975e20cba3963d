package server

import (
	"os"
	"runtime/debug"
)

// gcPercent lets the heap grow to five times what lives before it is collected: the token path makes little that lives, so this costs
// some megabytes and saves a fifth of the CPU of a token without its signature.
const gcPercent = 400

// tuneMemory sets the collector for a server, unless the operator has (GOGC), and gives back what the start needed.
func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	debug.FreeOSMemory()
}
