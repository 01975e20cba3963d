package discovery

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/tenant"
)

type Keys interface {
	JWKS(ctx context.Context, tenantName string) (signing.JWKSet, error)
	Certificate(ctx context.Context, tenantName string) (signing.Certificate, error)
}
type Settings interface {
	Settings(ctx context.Context, tenantName string) (*tenant.Settings, error)
}
type Handler struct {
	Keys     Keys
	Settings Settings
	Logger   *slog.Logger
}

func (h *Handler) Metadata(call tenant.Call, w http.ResponseWriter, r *http.Request) { panic("soon") }
func (h *Handler) JWKS(call tenant.Call, w http.ResponseWriter, r *http.Request)     { panic("soon") }
func (h *Handler) PEM(call tenant.Call, w http.ResponseWriter, r *http.Request)      { panic("soon") }
func (h *Handler) CER(call tenant.Call, w http.ResponseWriter, r *http.Request)      { panic("soon") }
func (h *Handler) RawPEM(call tenant.Call, w http.ResponseWriter, r *http.Request)   { panic("soon") }
func (h *Handler) PB7(call tenant.Call, w http.ResponseWriter, r *http.Request)      { panic("soon") }
func (h *Handler) Fingerprint(call tenant.Call, w http.ResponseWriter, r *http.Request) {
	panic("soon")
}
func (h *Handler) NoHumanLogin(call tenant.Call, w http.ResponseWriter, r *http.Request) {
	panic("soon")
}
