package compat

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"testing"
	"time"
)

// clientTimeout bounds one client's whole run.
const clientTimeout = 3 * time.Minute

func TestCurl(t *testing.T) {
	need(t, "curl")
	runClient(t, ".", nil, "bash", "clients/curl.sh")
}

func TestPythonHTTPClient(t *testing.T) {
	need(t, "python3")
	runClient(t, ".", nil, "python3", "clients/http_client.py")
}

// debianPython is the interpreter that Debian's packages are for; another one may come first in PATH.
const debianPython = "/usr/bin/python3"

func TestDebianPython(t *testing.T) {
	for _, tt := range []struct{ name, script, module string }{
		{"authlib", "clients/authlib_client.py", "authlib.integrations.requests_client"},
		{"PyJWT", "clients/pyjwt_api.py", "jwt, cryptography"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := exec.Command(debianPython, "-c", "import "+tt.module).Run(); err != nil {
				absent(t, debianPython+" has no "+tt.module+": install python3-authlib, python3-requests and python3-jwt")
			}
			trust := []string{"SSL_CERT_FILE=" + thisWorld.CA, "REQUESTS_CA_BUNDLE=" + thisWorld.CA}
			runClient(t, ".", trust, debianPython, tt.script)
		})
	}
}

func TestNode(t *testing.T) {
	needNode(t)
	for _, name := range []string{
		"auth0-7", "auth0-6", "auth0-auth-js", "openid-client", "oauth4webapi", "simple-oauth2", "express-oauth2-jwt-bearer", "jose",
	} {
		t.Run(name, func(t *testing.T) {
			runClient(t, "node", []string{"NODE_EXTRA_CA_CERTS=" + thisWorld.CA}, "node", "--test", "--test-reporter=spec", name+".test.mjs")
		})
	}
}

// runClient runs a client's program in the world. Its output is shown if it fails, its closing lines always.
func runClient(t *testing.T, dir string, extraEnv []string, name string, args ...string) {
	t.Helper()
	environ, err := thisWorld.environ()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), clientTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(environ, extraEnv...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", closingLines(out))
}

// closingLines are the last lines of out, where test runners sum up.
func closingLines(out []byte) []byte {
	const n = 8
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	return bytes.Join(lines[max(0, len(lines)-n):], []byte("\n"))
}

// needNode asks for Node and the npm packages.
func needNode(t *testing.T) {
	t.Helper()
	need(t, "node")
	if _, err := os.Stat("node/node_modules/.package-lock.json"); err != nil {
		absent(t, "the npm packages are not installed: run `npm ci` in compat/node")
	}
}

// need asks for a program that not every machine has.
func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		absent(t, program+" is not installed")
	}
}

// absent skips the test with the reason. In CI nothing may be absent: there it fails.
func absent(t *testing.T, reason string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}
