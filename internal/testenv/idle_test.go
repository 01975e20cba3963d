package testenv_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/testenv"
)

// TestIdleDialsNothing watches every socket of an idle writ: there are its listeners and nothing else, no telemetry, no update
// check, no DNS. The watcher is tried first on a connection that is there.
func TestIdleDialsNothing(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("reads /proc")
	}
	p := testenv.NewProcess(t)
	env := p.Env()
	env.Do("GET", "https://"+p.Domain+"/healthz", "")
	if len(foreignSockets(t, p.PID())) == 0 {
		t.Fatal("the watcher does not see the connection that this test holds open")
	}
	env.HTTP.CloseIdleConnections()
	deadline := time.Now().Add(time.Minute)
	for len(foreignSockets(t, p.PID())) > 0 { // the closed connection goes first
		if time.Now().After(deadline) {
			t.Fatal("the server keeps a connection that was closed")
		}
		time.Sleep(5 * time.Millisecond)
	}
	for range 400 {
		if found := foreignSockets(t, p.PID()); len(found) > 0 {
			t.Fatalf("an idle writ has sockets beyond its listeners: %v", found)
		}
		time.Sleep(5 * time.Millisecond) // sampling: two seconds in all
	}
}

// foreignSockets lists a process's internet sockets that are not listening.
func foreignSockets(t *testing.T, pid int) []string {
	t.Helper()
	inodes := map[string]bool{}
	fds, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	for _, fd := range fds {
		target, _ := os.Readlink(fd)
		if inode, ok := strings.CutPrefix(target, "socket:["); ok {
			inodes[strings.TrimSuffix(inode, "]")] = true
		}
	}
	var found []string
	for _, proto := range []string{"tcp", "tcp6", "udp", "udp6"} {
		f, err := os.Open(fmt.Sprintf("/proc/%d/net/%s", pid, proto))
		if err != nil {
			continue
		}
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			const listening = "0A"
			fields := strings.Fields(lines.Text())
			if len(fields) > 9 && inodes[fields[9]] && fields[3] != listening {
				found = append(found, proto+" "+fields[1]+" -> "+fields[2])
			}
		}
		f.Close()
	}
	return found
}
