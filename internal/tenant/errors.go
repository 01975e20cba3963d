package tenant

import (
	"errors"
	"fmt"
)

// Sentinels. Rooms and the store wrap them with %w; the HTTP status and the public text are decided at the edge.
var (
	// ErrNotFound: the tenant has no such object. Also what an object of another tenant answers.
	ErrNotFound = errors.New("not found")
	// ErrExists: a unique name, identifier or pair is taken.
	ErrExists = errors.New("already exists")
	// ErrTombstoned: the tenant name was used by a tenant that was deleted. Such a name is never given again.
	ErrTombstoned = errors.New("the name belonged to a tenant that was deleted; names are never reused")
	// ErrTooMany: what was asked for is more than the caller would take.
	ErrTooMany = errors.New("too many")
	// ErrUnavailable: the store cannot answer now (disk full, database gone, shutting down). Retry later.
	ErrUnavailable = errors.New("temporarily unavailable")
)

// FieldError is a rule across fields that a value breaks; a JSON Schema has judged each field alone before.
// Message is public and names the fix; Auth0's own text where it is known.
type FieldError struct {
	Field   string
	Message string
}

func (e *FieldError) Error() string { return e.Message }

func fieldErrorf(field, format string, args ...any) error {
	return &FieldError{Field: field, Message: fmt.Sprintf(format, args...)}
}
