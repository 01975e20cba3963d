//go:build !cgo || !linux

package openssl

import (
	"crypto"
	"crypto/rsa"
	"errors"
)

type library struct{ version string }

func open(string) (*library, error) {
	return nil, errors.New("openssl: this build of writ cannot use it: that takes Linux and CGO_ENABLED=1")
}

func (l *library) load(*rsa.PrivateKey) (crypto.Signer, error) {
	return nil, errors.New("openssl: not in this build")
}
