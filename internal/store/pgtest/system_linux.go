package pgtest

import (
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// owner is the package's user where this process is root, as which PostgreSQL refuses to run; nil = this process's own.
func owner() *syscall.Credential {
	if os.Getuid() != 0 {
		return nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		return nil // PostgreSQL itself will say that it cannot be run as root
	}
	uid, _ := strconv.ParseUint(account.Uid, 10, 32)
	gid, _ := strconv.ParseUint(account.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

func asOwner(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Credential: owner()} }

func giveAway(dir string) error {
	if c := owner(); c != nil {
		return os.Chown(dir, int(c.Uid), int(c.Gid))
	}
	return nil
}

// endWithParent: SIGQUIT is PostgreSQL's immediate shutdown.
func endWithParent(cmd *exec.Cmd) { cmd.SysProcAttr.Pdeathsig = syscall.SIGQUIT }
