package server

import (
	"os"
	"path/filepath"
	"testing"
)

func TestMemoryLimitOfAContainer(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want int64
	}{
		"nine tenths are Go's":                  {"1000000000\n", 900_000_000},
		"max is no limit":                       {"max\n", 0},
		"what is not a number is no limit":      {"many\n", 0},
		"zero would stop the server: no limit":  {"0\n", 0},
		"an empty file, as of some old kernels": {"", 0},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "memory.max")
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := memoryLimit(file); got != c.want {
				t.Errorf("memoryLimit(%q) = %d, want %d", c.text, got, c.want)
			}
		})
	}
	if got := memoryLimit(filepath.Join(t.TempDir(), "absent")); got != 0 {
		t.Errorf("without the file there is no limit, got %d", got)
	}
}
