//go:build unix

package server

import (
	"io/fs"
	"os"
	"syscall"
)

// foreign reports a file of another user than this process's and root.
func foreign(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Uid != 0 && int(stat.Uid) != os.Geteuid()
}

// writableByOthers reports what group or others may change.
func writableByOthers(info fs.FileInfo) bool { return info.Mode().Perm()&0o022 != 0 }
