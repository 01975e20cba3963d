//go:build !linux

package pgtest

import "os/exec"

// Only Linux changes users and watches parents; Debian's package, from which servers are started, is found nowhere else.
func asOwner(*exec.Cmd)       {}
func giveAway(string) error   { return nil }
func endWithParent(*exec.Cmd) {}
