//go:build !cgo || !linux

package openssl

import (
	"crypto/rsa"
	"errors"
)

type library struct{ version string }

type key struct{}

func open(string) (*library, error) {
	return nil, errors.New("openssl: this build of writ cannot use it: that takes Linux and CGO_ENABLED=1")
}

func (l *library) load(*rsa.PrivateKey) (*key, error) {
	return nil, errors.New("openssl: not in this build")
}

func (k *key) sign(int, []byte, []byte) error { return errors.New("openssl: not in this build") }
