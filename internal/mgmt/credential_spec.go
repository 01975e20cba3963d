package mgmt

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"strings"
	"time"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/tenant"
)

// credentialSpec is a credential as a caller describes it; its schema has judged each property alone.
type credentialSpec struct {
	Type                string  `json:"credential_type"`
	Name                *string `json:"name"`
	PEM                 string  `json:"pem"`
	SubjectDN           string  `json:"subject_dn"`
	Alg                 string  `json:"alg"`
	ParseExpiryFromCert bool    `json:"parse_expiry_from_cert"`
	ExpiresAt           *string `json:"expires_at"`
	KID                 string  `json:"kid"`
}

// inlineCredentials makes the credentials that the body of a new client describes where it names them, and puts their ids there.
func inlineCredentials(body json.RawMessage, client *tenant.Client, now time.Time) ([]tenant.ClientCredential, error) {
	type specs struct {
		Credentials []credentialSpec `json:"credentials"`
	}
	var described struct {
		Methods             map[string]specs `json:"client_authentication_methods"`
		SignedRequestObject specs            `json:"signed_request_object"`
		TokenVault          specs            `json:"token_vault_privileged_access"`
	}
	if err := json.Unmarshal(body, &described); err != nil {
		return nil, err
	}
	at := map[string]specs{"signed_request_object": described.SignedRequestObject, "token_vault_privileged_access": described.TokenVault}
	for method, s := range described.Methods {
		at["client_authentication_methods."+method] = s
	}
	var made []tenant.ClientCredential
	for _, use := range client.CredentialUses() {
		for i, spec := range at[use.Property].Credentials {
			c, err := spec.credential(client.ClientID, now)
			if err != nil {
				return nil, err
			}
			use.Credentials[i].ID = c.ID
			made = append(made, c)
		}
	}
	if len(made) > tenant.MaxClientCredentials {
		return nil, tooManyCredentials()
	}
	return made, nil
}

// credential makes the credential of a client. Errors: InvalidBody.
func (s credentialSpec) credential(clientID string, now time.Time) (tenant.ClientCredential, error) {
	now = now.UTC().Truncate(time.Millisecond)
	c := tenant.ClientCredential{
		ID: tenant.NewClientCredentialID(), ClientID: clientID, Type: s.Type, Name: s.Name, CreatedAt: now, UpdatedAt: now,
	}
	var err error
	switch {
	case s.Type == tenant.CredentialCertSubjectDN:
		err = s.subject(&c)
	case s.PEM == "":
		err = rest.InvalidBody("Payload validation error: 'Missing required property: pem'.")
	case s.Type == tenant.CredentialPublicKey:
		err = s.publicKey(&c)
	default:
		err = s.certificate(&c)
	}
	return c, err
}

// publicKey takes the key and its expiry from the pem: a public key, or the certificate of one.
func (s credentialSpec) publicKey(c *tenant.ClientCredential) error {
	if s.SubjectDN != "" {
		return onlyFor("subject_dn", tenant.CredentialCertSubjectDN)
	}
	key, err := signing.ParseRSAPublicKey(s.PEM)
	if err != nil {
		return rest.InvalidBody("The pem cannot be used: %s", err)
	}
	if c.PublicKey, err = x509.MarshalPKIXPublicKey(key); err != nil {
		return badPEM("an RSA public key")
	}
	if c.KID = s.KID; c.KID == "" {
		c.KID = rsaThumbprint(key)
	}
	if c.Alg = s.Alg; c.Alg == "" {
		c.Alg = tenant.RS256
	}
	if c.ExpiresAt, err = expiry(s.ExpiresAt); err != nil || s.ExpiresAt != nil || !s.ParseExpiryFromCert {
		return err
	}
	cert, err := parseCertificate(s.PEM)
	if err != nil {
		return rest.InvalidBody("parse_expiry_from_cert needs a pem that is an X509 certificate: a public key has no expiry date")
	}
	c.ExpiresAt = cert.NotAfter.UTC()
	return nil
}

// subject takes the name that certificates must have from subject_dn, or from the pem of one.
func (s credentialSpec) subject(c *tenant.ClientCredential) error {
	if err := s.checkCertificateOnly(); err != nil {
		return err
	}
	switch {
	case (s.SubjectDN == "") == (s.PEM == ""):
		return rest.InvalidBody("Exactly one of subject_dn and pem must be provided for credential_type cert_subject_dn")
	case s.SubjectDN != "":
		c.SubjectDN = s.SubjectDN
		return nil
	}
	cert, err := parseCertificate(s.PEM)
	if err != nil {
		return err
	}
	if c.SubjectDN, err = subjectDN(cert.RawSubject); err != nil || c.SubjectDN == "" {
		return rest.InvalidBody("The certificate in pem has no subject that can be read")
	}
	return nil
}

// certificate takes the one certificate that counts, and its expiry, from the pem.
func (s credentialSpec) certificate(c *tenant.ClientCredential) error {
	if err := s.checkCertificateOnly(); err != nil {
		return err
	}
	if s.SubjectDN != "" {
		return onlyFor("subject_dn", tenant.CredentialCertSubjectDN)
	}
	cert, err := parseCertificate(s.PEM)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(cert.Raw)
	c.ThumbprintSHA256, c.ExpiresAt = base64.RawURLEncoding.EncodeToString(sum[:]), cert.NotAfter.UTC()
	return nil
}

// checkCertificateOnly refuses what says something of a public key, where it would be lost.
func (s credentialSpec) checkCertificateOnly() error {
	said := ""
	switch {
	case s.Alg != "":
		said = "alg"
	case s.KID != "":
		said = "kid"
	case s.ExpiresAt != nil:
		said = "expires_at"
	case s.ParseExpiryFromCert:
		said = "parse_expiry_from_cert"
	default:
		return nil
	}
	return onlyFor(said, tenant.CredentialPublicKey)
}

func onlyFor(property, credentialType string) error {
	return rest.InvalidBody("The %s property applies to credential_type %s only", property, credentialType)
}

// expiry reads expires_at; nil = never.
func expiry(text *string) (time.Time, error) {
	if text == nil {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, *text)
	if at = at.UTC(); err != nil || at.Year() < 1 || at.Year() > 9999 {
		return time.Time{}, rest.InvalidBody("expires_at must be a date and time like 2033-05-13T09:33:13.000Z")
	}
	return at.Truncate(time.Millisecond), nil
}

func parseCertificate(text string) (*x509.Certificate, error) {
	block, _ := pem.Decode([]byte(strings.TrimSpace(text)))
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, badPEM("an X509 certificate")
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, badPEM("an X509 certificate")
	}
	return cert, nil
}

func badPEM(want string) error { return rest.InvalidBody("The pem must be %s in PEM format", want) }
