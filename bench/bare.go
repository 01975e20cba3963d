package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/writ-auth/writ/internal/signing/openssl"
)

// The bare handler is the denominator of every target: what a Go token endpoint costs that does nothing but parse the form, look the
// client up in a map, compare a digest, build the JWT by hand and sign it. No store, no log, no rules. It runs as a process of its
// own, `bench bare ...`, under the same load as writ.

const (
	bareClient   = "bare"
	bareSecret   = "0123456789012345678901234567890123456789012345678901234567890123"
	bareAudience = "https://bench.example.com/bare"
)

type bareServer struct {
	clients map[string][32]byte
	header  string
	sign    func(input []byte) ([]byte, error)
	slots   chan struct{}
}

// serveBare listens on an HTTP and an HTTPS address and serves until it is killed. The certificate is in certDir.
func serveBare(plain, secure, certDir, alg, signer string) error {
	s := &bareServer{
		clients: map[string][32]byte{bareClient: sha256.Sum256([]byte(bareSecret))},
		header:  base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"` + alg + `","typ":"JWT","kid":"yo1VDIo5blvTPW1SD9cAl"}`)),
		slots:   make(chan struct{}, cores()),
	}
	var err error
	if s.sign, err = bareSigner(alg, signer); err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /oauth/token", s.token)
	mux.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	mux.Handle("GET /metrics", promhttp.Handler())
	failed := make(chan error, 2)
	go func() { failed <- http.ListenAndServe(plain, mux) }()
	go func() {
		server := &http.Server{Addr: secure, Handler: mux, TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12}}
		failed <- server.ListenAndServeTLS(filepath.Join(certDir, "bare.pem"), filepath.Join(certDir, "bare-key.pem"))
	}()
	return <-failed
}

func (s *bareServer) token(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, "form", http.StatusBadRequest)
		return
	}
	want, ok := s.clients[r.PostForm.Get("client_id")]
	got := sha256.Sum256([]byte(r.PostForm.Get("client_secret")))
	if !ok || subtle.ConstantTimeCompare(want[:], got[:]) != 1 {
		http.Error(w, "credentials", http.StatusUnauthorized)
		return
	}
	now := time.Now().Unix()
	claims := fmt.Appendf(nil, `{"iss":"https://localhost:8443/","sub":"%s@clients","aud":"%s","iat":%d,"exp":%d,"scope":"batch:upload","gty":"client-credentials","azp":"%s"}`,
		bareClient, r.PostForm.Get("audience"), now, now+86400, bareClient)
	input := append([]byte(s.header), '.')
	input = base64.RawURLEncoding.AppendEncode(input, claims)
	s.slots <- struct{}{}
	signature, err := s.sign(input)
	<-s.slots
	if err != nil {
		http.Error(w, "signature", http.StatusInternalServerError)
		return
	}
	token := base64.RawURLEncoding.AppendEncode(append(input, '.'), signature)
	body := append([]byte(`{"access_token":"`), token...)
	body = append(body, `","scope":"batch:upload","expires_in":86400,"token_type":"Bearer"}`...)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body)
}

// bareSigner signs JWS input with a fresh key.
func bareSigner(alg, signer string) (func([]byte) ([]byte, error), error) {
	switch alg {
	case "HS256":
		return func(input []byte) ([]byte, error) {
			mac := hmac.New(sha256.New, []byte(bareSecret))
			mac.Write(input)
			return mac.Sum(nil), nil
		}, nil
	case "ES256":
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, err
		}
		return func(input []byte) ([]byte, error) { return signES256(key, input) }, nil
	case "RS256":
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return nil, err
		}
		return bareRS256(key, signer)
	}
	return nil, fmt.Errorf("algorithm %q", alg)
}

func bareRS256(key *rsa.PrivateKey, signer string) (func([]byte) ([]byte, error), error) {
	if signer == "go" {
		return func(input []byte) ([]byte, error) {
			digest := sha256.Sum256(input)
			return rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
		}, nil
	}
	library, err := openssl.Open()
	if err != nil {
		return nil, err
	}
	loaded, err := library.Load(key)
	if err != nil {
		return nil, err
	}
	return func(input []byte) ([]byte, error) {
		digest := sha256.Sum256(input)
		return loaded.Sign(nil, digest[:], crypto.SHA256)
	}, nil
}

func signES256(key *ecdsa.PrivateKey, input []byte) ([]byte, error) {
	digest := sha256.Sum256(input)
	der, err := ecdsa.SignASN1(rand.Reader, key, digest[:])
	if err != nil {
		return nil, err
	}
	var rs struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &rs); err != nil {
		return nil, err
	}
	signature := make([]byte, 64)
	rs.R.FillBytes(signature[:32])
	rs.S.FillBytes(signature[32:])
	return signature, nil
}

// bareMain is `bench bare HTTP HTTPS CERTDIR ALG SIGNER`.
func bareMain(args []string) error {
	if len(args) != 5 {
		return errors.New("bench bare HTTP HTTPS CERTDIR ALG SIGNER")
	}
	os.Stdout.Close()
	return serveBare(args[0], args[1], args[2], args[3], args[4])
}

// signatureTime is what one RS256 signature takes of a core.
func signatureTime(signer string) (time.Duration, error) {
	sign, err := bareSigner("RS256", signer)
	if err != nil {
		return 0, err
	}
	const n = 500
	var all []time.Duration
	for range n {
		started := time.Now()
		if _, err := sign([]byte("header.claims")); err != nil {
			return 0, err
		}
		all = append(all, time.Since(started))
	}
	return middle(all), nil
}
