//go:build !unix

package server

// openFiles: here nothing says how many files a process may have open.
func openFiles() int64 { return 0 }
