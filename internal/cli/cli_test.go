package cli_test

import (
	"context"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/writ-auth/writ/internal/cli"
)

// TestMain lets the scripts run writ as a process: this test binary, called by that name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"writ": func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		os.Exit(cli.Run(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr))
	}})
}

// TestScripts runs the command line as people do. Each script has a data directory of its own and free ports in $HTTPS and $HTTP;
// `ready` waits for the server behind the latter.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata",
		UpdateScripts: *cli.Update,
		Setup: func(env *testscript.Env) error {
			for _, name := range []string{"HTTPS", "HTTP", "SECOND"} {
				port, err := freePort()
				if err != nil {
					return err
				}
				env.Setenv(name, port)
			}
			env.Setenv("WRIT_DATA", env.Getenv("WORK")+"/data")
			env.Setenv("WRIT_HTTPS", "127.0.0.1:"+env.Getenv("HTTPS"))
			env.Setenv("WRIT_HTTP", "127.0.0.1:"+env.Getenv("HTTP"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"ready": ready},
	})
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), nil
}

func ready(ts *testscript.TestScript, _ bool, _ []string) {
	deadline := time.Now().Add(time.Minute)
	for {
		res, err := http.Get("http://127.0.0.1:" + ts.Getenv("HTTP") + "/readyz")
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		if time.Now().After(deadline) {
			ts.Fatalf("the server did not become ready: %v", err)
		}
		time.Sleep(10 * time.Millisecond) // nothing tells when a process listens
	}
}
