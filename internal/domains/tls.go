package domains

import "crypto/tls"

// Certificates is where a TLS connection gets its certificate: Leaves or Files.
type Certificates interface {
	GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error)
}

var (
	_ Certificates = (*Leaves)(nil)
	_ Certificates = (*Files)(nil)
)

// TLSConfig has the settings of every TLS listener: versions 1.2 and 1.3, nine AEAD suites (the six below and, not
// configurable in Go, the three of 1.3: AES_128_GCM_SHA256, AES_256_GCM_SHA384, CHACHA20_POLY1305_SHA256), HTTP/2 and 1.1 by
// ALPN, session tickets. A renewed certificate changes none of it: certificates are asked of source at each handshake.
func TLSConfig(source Certificates) *tls.Config {
	return &tls.Config{
		GetCertificate: source.GetCertificate,
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"h2", "http/1.1"},
		CipherSuites: []uint16{
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
			tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
			tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
			tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		},
	}
}
