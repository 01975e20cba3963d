package signing

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"time"
)

// selfTestRounds is how often an engine is tried: the quickest round is its time. All of it costs about 15 ms of the start.
const selfTestRounds = 3

// selfTest has the engine sign beside crypto/rsa, and times it. A PKCS #1 v1.5 signature must be the same bytes (RFC 8017 section
// 8.2: it is deterministic), a PSS signature must verify. Errors: the engine fails, or is wrong.
func (e *Engine) selfTest() error {
	key, err := selfTestKey()
	if err != nil {
		return err
	}
	signer, err := e.load(key)
	if err != nil {
		return err
	}
	for round := range selfTestRounds {
		digest := sha256.Sum256([]byte{byte(round)})
		began := time.Now()
		got, err := signer.Sign(rand.Reader, digest[:], crypto.SHA256)
		took := time.Since(began)
		if err != nil {
			return err
		}
		want, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
		if err != nil {
			return err
		}
		if !bytes.Equal(got, want) {
			return errors.New("self-test: a PKCS #1 v1.5 signature is not that of crypto/rsa")
		}
		pss, err := signer.Sign(rand.Reader, digest[:], pssOptions())
		if err != nil {
			return err
		}
		if err := rsa.VerifyPSS(&key.PublicKey, crypto.SHA256, digest[:], pss, pssOptions()); err != nil {
			return errors.New("self-test: crypto/rsa refuses a PSS signature")
		}
		if round == 0 || took < e.SignatureTime {
			e.SignatureTime = took
		}
	}
	return nil
}

// selfTestKey is the key of RFC 7515 appendix A.2, as PKCS #8. All the world has it: it signs the self-test and nothing else.
func selfTestKey() (*rsa.PrivateKey, error) {
	der, err := base64.StdEncoding.DecodeString(rfc7515Key)
	if err != nil {
		return nil, fmt.Errorf("self-test: %w", err)
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("self-test: %w", err)
	}
	rsaKey, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("self-test: a %T is no RSA key", key)
	}
	return rsaKey, nil
}

const rfc7515Key = "" +
	"MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCh+BYK4uPJtGXOjS1lYmM2K5J9vinh8CR3/BYlzJChNuOL2TSXxbbqY913EeZ8dCn5VrD7" +
	"io8ImtxLaYk8wTM/U+3QGbh3hCUv7JFP5IV3aVlL6kKA0ywPVb9ilE8TA5a8bpvfbr3SvaNnjuygxmj3AbONv/s4yDQs4v5tJ/reSlpIdJed1LnPmt7Ex1sF" +
	"hSwsD174pcF1A5L5ROjtZMEQxrZHYJqkeDrrnGya11UxMFBji4NmXG9veoKjlnAqH2QbgtPr8jkiGUkftoaHLFcW9Qr4NY2ai50Xw0Byj3+H2JoY2PyrZ62E" +
	"WQwuz3WTOTY8BwNNb2BvniHgVFbK5emhAgMBAAECggEAEq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7/GQ5sLKMgvfTeX" +
	"Zx9SE+7YwVol2NXOoAJe46sui395IW/GO+pWJ1O0BkTGoVEn2bKVRUCgu+GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M/V51gfpRLI9JYanr" +
	"C4D4qAdGcopV/0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl/x/jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR/RQyGWS" +
	"eWjnczT0QU91p1DhOVRuOopznQKBgQDgHMQQ60imZV1URk0KpLttoLhyt3SmqdEf/kgHePDdtzEafpAu+cS191R2JiuoF2yzWXnwFDcqGigp5BNr0AHQfD8/" +
	"Lk8l1Mk09jxxCfui5nYooNyac8YFjm3vItzVCVDnEd3BbVWG8qf6deqElMGAg+C2V0L4oNXnP7LZcPAZRwKBgQC5A8R+CZW2MvRTLLHzwZkUXV866cff7tx6" +
	"kqa0finGG0KgeqlaZPxgCZnFp7AeAcCMtiynVlJ7vMVgePsLq6XtON4tB5kP9jAPrq3rbAOal78eUH5OcED6eNuCV8ixEu1eWcPNCS/l1OW1EnXUEoEHKl54" +
	"Xrrz2uNwkgMTP1FZ1wKBgAcCn1dwJKufzBWQxWQp1vsM5fggqPN1qGb5y0MAk3g7/Ls5bkUp5u9SN0Ai3Ya6hNnvWJMb7sXQX6U/zyO2M/hTip7tUeh7CXgw" +
	"o59dkpN75gJLVds29+DAncu3KXU4f2Fa+7bLNrur53k8KwPOq2bbuTG69QtV7Jr5MR0AHWKNAoGBAIf/evpitUf+4JYbLpvNXWcY052Mpz22aR84mY3nh3F2" +
	"LF2mjMJDpTg7FmuyPcVw6EcGyoAe9fa65iNqCq+jdw6PVNGo2hxfjSiZ8IIzHdsPXI89//pMjZcQK9r+CCoRjaZjOYiIDktVWZzmevJuv6WywUqd57LE3Zar" +
	"3dLSIkx1AoGAIYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd+DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd/QJQ3ydy5cY7YIBi87w93IKLEdfnb" +
	"JtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp/gh6A5603k2+ZQwVK0JKSHuLFkuQ3U="
