module github.com/writ-auth/writ/compat

go 1.26.0

// npm packages hold no Go packages of ours.
ignore ./node

require (
	github.com/google/go-cmp v0.7.0
	golang.org/x/oauth2 v0.37.0
)
