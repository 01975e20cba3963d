package discovery

import (
	"net/http"

	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/tenant"
)

// flagRemoveAlg is the tenant flag that leaves alg out of the JWK set, for verifiers that would refuse PS256 for it.
const flagRemoveAlg = "remove_alg_from_jwks"

// JWKS answers /.well-known/jwks.json (RFC 7517 section 5): the current, next and previous keys of every family.
func (h *Handler) JWKS(call tenant.Call, w http.ResponseWriter, r *http.Request) {
	if !allowed(w, r, http.MethodGet, http.MethodHead) {
		return
	}
	set, err := h.Keys.JWKS(r.Context(), call.Tenant)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	settings, err := h.Settings.Settings(r.Context(), call.Tenant)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	if settings.Flags[flagRemoveAlg] {
		for i := range set.Keys {
			set.Keys[i].Alg = ""
		}
	}
	h.publishJSON(w, r, set)
}

// PEM answers /pem: the certificate of the current RSA key, to be saved as a file.
func (h *Handler) PEM(call tenant.Call, w http.ResponseWriter, r *http.Request) {
	h.certificate(call, w, r, "application/x-pem-file", ".pem", func(c signing.Certificate) (string, error) {
		return c.PEM(), nil
	})
}

// CER answers /cer: the same in DER.
func (h *Handler) CER(call tenant.Call, w http.ResponseWriter, r *http.Request) {
	h.certificate(call, w, r, "application/pkix-cert", ".cer", func(c signing.Certificate) (string, error) {
		return string(c), nil
	})
}

// PB7 answers /pb7: the same as PKCS #7, in PEM.
func (h *Handler) PB7(call tenant.Call, w http.ResponseWriter, r *http.Request) {
	h.certificate(call, w, r, "application/x-pkcs7-certificates", ".p7b", signing.Certificate.PKCS7)
}

// RawPEM answers /rawpem: the public key of the current RSA key without its certificate, in PEM.
func (h *Handler) RawPEM(call tenant.Call, w http.ResponseWriter, r *http.Request) {
	h.certificate(call, w, r, "application/x-pem-file", "", signing.Certificate.PublicKeyPEM)
}

// Fingerprint answers /fingerprint: the SHA-1 of the certificate, in hex with colons.
func (h *Handler) Fingerprint(call tenant.Call, w http.ResponseWriter, r *http.Request) {
	h.certificate(call, w, r, "text/plain; charset=utf-8", "", func(c signing.Certificate) (string, error) {
		return c.Fingerprint(), nil
	})
}

// certificate answers with one form of the certificate, as a download named after the tenant if it has an extension.
func (h *Handler) certificate(call tenant.Call, w http.ResponseWriter, r *http.Request,
	contentType, extension string, form func(signing.Certificate) (string, error),
) {
	if !allowed(w, r, http.MethodGet, http.MethodHead) {
		return
	}
	cert, err := h.Keys.Certificate(r.Context(), call.Tenant)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	text, err := form(cert)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	if extension != "" {
		w.Header().Set("Content-Disposition", `attachment; filename="`+call.Tenant+extension+`"`)
	}
	publish(w, r, contentType, []byte(text))
}
