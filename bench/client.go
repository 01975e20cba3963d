package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
)

// target is one request that is sent again and again: to a token endpoint, as one client of one API.
type target struct {
	address string // host:port to dial
	host    string // authority and TLS server name
	roots   *x509.CertPool
	tls     bool
	// requests are sent in turn; each is a whole HTTP/1.1 request.
	requests [][]byte
}

// tokenRequest is a client credentials request as bytes.
func tokenRequest(host, clientID, secret, audience string) []byte {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {clientID}, "client_secret": {secret}, "audience": {audience}}.Encode()
	return fmt.Appendf(nil, "POST /oauth/token HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		host, len(form), form)
}

// connection is a keep-alive connection of a load generator that must cost little, because it shares the server's cores: it writes
// prepared bytes and reads an answer by its Content-Length.
type connection struct {
	conn net.Conn
	in   *bufio.Reader
	body bytes.Buffer
}

func (t *target) dial(ctx context.Context) (*connection, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", t.address)
	if err != nil {
		return nil, err
	}
	if t.tls {
		name, _, err := net.SplitHostPort(t.host)
		if err != nil {
			return nil, err
		}
		secure := tls.Client(conn, &tls.Config{RootCAs: t.roots, ServerName: name})
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		conn = secure
	}
	return &connection{conn: conn, in: bufio.NewReaderSize(conn, 16<<10)}, nil
}

// do sends one request and reads the answer's status; the body is in c.body until the next call.
func (c *connection) do(request []byte) (status int, err error) {
	if _, err := c.conn.Write(request); err != nil {
		return 0, err
	}
	line, err := c.in.ReadSlice('\n')
	if err != nil || len(line) < 12 {
		return 0, errors.Join(errors.New("no status line"), err)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, err
	}
	length, chunked := 0, false
	for {
		if line, err = c.in.ReadSlice('\n'); err != nil {
			return 0, err
		}
		if len(line) <= 2 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return 0, err
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = true
		}
	}
	c.body.Reset()
	if chunked {
		return status, errors.New("the answer is chunked: a token endpoint knows its length")
	}
	_, err = io.CopyN(&c.body, c.in, int64(length))
	return status, err
}

func (c *connection) close() { c.conn.Close() }

// want is the status of an answer that counts as a success.
const want = http.StatusOK
