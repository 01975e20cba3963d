module github.com/writ-auth/writ/examples/timesheets

go 1.26.0

require (
	github.com/auth0/go-jwt-middleware/v2 v2.3.1
	golang.org/x/oauth2 v0.37.0
)

require (
	golang.org/x/crypto v0.45.0 // indirect
	golang.org/x/sync v0.18.0 // indirect
	gopkg.in/go-jose/go-jose.v2 v2.6.3 // indirect
)
