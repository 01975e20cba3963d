package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// skip notes in the report what could not be measured here, and why.
func (b *bench) skip(format string, args ...any) {
	note := fmt.Sprintf(format, args...)
	fmt.Fprintln(os.Stderr, "  not measured:", note)
	b.notes = append(b.notes, note)
}

// postgres measures the same token on PostgreSQL.
func (b *bench) postgres(ctx context.Context) error {
	url, stop, err := startPostgres(ctx, b.dir)
	if err != nil {
		b.skip("PostgreSQL: %v", err)
		return nil
	}
	defer stop()
	w, err := b.newWrit(ctx, "--signer", "openssl", "--database", url)
	if err != nil {
		return err
	}
	defer w.stop()
	t, err := w.api(ctx, 1, false, nil)
	if err != nil {
		return err
	}
	_, err = b.measure(ctx, w, "writ: RS256, openssl, HTTP, PostgreSQL", t, plan{connections: b.connections, duration: b.duration})
	return err
}

// startPostgres runs Debian's PostgreSQL on a free port of loopback, with fsync as it comes.
func startPostgres(ctx context.Context, dir string) (url string, stop func(), err error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", nil, errors.New("it is not installed (Debian: postgresql)")
	}
	slices.Sort(found)
	bin := filepath.Dir(found[len(found)-1])
	data := filepath.Join(dir, "postgres")
	address, err := freeAddress()
	if err != nil {
		return "", nil, err
	}
	_, port, _ := net.SplitHostPort(address)
	if err := os.Mkdir(data, 0o700); err != nil {
		return "", nil, err
	}
	as := func(args ...string) *exec.Cmd { // PostgreSQL refuses to run as root
		if os.Geteuid() == 0 {
			args = append([]string{"setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"}, args...)
		}
		return exec.CommandContext(ctx, args[0], args[1:]...)
	}
	if os.Geteuid() == 0 {
		if out, err := exec.Command("chown", "postgres", data).CombinedOutput(); err != nil {
			return "", nil, fmt.Errorf("%w: %s", err, out)
		}
		if err := os.Chmod(dir, 0o711); err != nil {
			return "", nil, err
		}
	}
	if out, err := as(bin+"/initdb", "-D", data, "-U", "writ", "--auth=trust", "-E", "UTF8").CombinedOutput(); err != nil {
		return "", nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	server := as(bin+"/postgres", "-D", data, "-h", "127.0.0.1", "-p", port, "-k", data)
	if err := server.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		server.Process.Signal(syscall.SIGINT) // fast shutdown
		server.Wait()
	}
	for range 500 {
		if exec.CommandContext(ctx, bin+"/pg_isready", "-h", "127.0.0.1", "-p", port).Run() == nil {
			return "postgres://writ@127.0.0.1:" + port + "/postgres?sslmode=disable", stop, nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	return "", nil, errors.New("it did not become ready")
}

// peer measures node-oidc-provider, in memory, on the same machine in the same run: JWT access tokens, RS256, the secret in the body.
func (b *bench) peer(ctx context.Context) error {
	const folder = "bench/peer"
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "oidc-provider")); err != nil {
		b.skip("node-oidc-provider: npm ci --prefix %s was not run", folder)
		return nil
	}
	address, err := freeAddress()
	if err != nil {
		return err
	}
	_, port, _ := net.SplitHostPort(address)
	p, err := startProcess(ctx, "http://"+address+"/.well-known/openid-configuration", "node", filepath.Join(folder, "server.mjs"), port, bareClient, bareSecret, bareAudience)
	if err != nil {
		return err
	}
	defer p.stop()
	t := &target{address: address, host: "127.0.0.1:" + port, requests: [][]byte{peerRequest("127.0.0.1:" + port)}}
	load := plan{connections: b.connections, duration: time.Second}
	if _, err := load.run(ctx, p, t); err != nil {
		return err
	}
	load.duration = b.duration
	r, err := load.run(ctx, p, t)
	if err != nil {
		return err
	}
	b.add("peer: node-oidc-provider, in memory, RS256, HTTP", r)
	if ours := b.figures["RS256, openssl, HTTP per second"]; ours > 0 {
		b.figures["peer ratio"] = ours / r.perSecond()
	}
	return nil
}

func peerRequest(host string) []byte {
	form := "grant_type=client_credentials&client_id=" + bareClient + "&client_secret=" + bareSecret + "&resource=" + bareAudience
	return []byte("POST /token HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
		strconv.Itoa(len(form)) + "\r\n\r\n" + form)
}
