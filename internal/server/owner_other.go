//go:build !unix

package server

import "io/fs"

// foreign and writableByOthers know nothing where files have no such owners and bits.
func foreign(fs.FileInfo) bool          { return false }
func writableByOthers(fs.FileInfo) bool { return false }
