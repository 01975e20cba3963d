package server

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
)

const (
	// gcPercent lets the heap grow to five times what lives before it is collected: the token path makes little that lives, so this
	// costs some megabytes and saves a fifth of the CPU of a token without its signature.
	gcPercent = 400
	// cgroupLimit is where a container's limit of memory stands (cgroup v2), in bytes, or "max".
	cgroupLimit = "/sys/fs/cgroup/memory.max"
)

// tuneMemory sets the collector for a server, unless the operator has (GOGC, GOMEMLIMIT), and gives back what the start needed. The first
// collection empties pools of buffers that only the start has used into their reserve, the second one ends them: what lived
// then would be a measure for the heap until the next.
func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		if limit := memoryLimit(cgroupLimit); limit > 0 {
			debug.SetMemoryLimit(limit)
		}
	}
	runtime.GC()
	debug.FreeOSMemory()
}

// memoryLimit is what a container leaves to Go of its memory: nine tenths, for not all of it is Go's. 0 = there is no limit.
func memoryLimit(file string) int64 {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0
	}
	limit, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil || limit <= 0 {
		return 0
	}
	return limit / 10 * 9
}
