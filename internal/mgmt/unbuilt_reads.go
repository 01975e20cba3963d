package mgmt

import (
	"context"
	"encoding/json"

	"github.com/writ-auth/writ/internal/rest"
)

// unbuiltRead is what GET answers at a path that writ does not have.
type unbuiltRead struct {
	kind readKind
	// key names the list in an answer that is an object.
	key string
	// message and code are the refusal's.
	message, code string
}

type readKind int

const (
	readDenied   readKind = iota // 403, with the scope that Auth0 would ask for
	readRefused                  // 403 in Auth0's own words
	readMissing                  // 404 in Auth0's own words
	readStanding                 // a value that cannot be changed
	readList                     // an empty list in the form that was asked for
	readBare                     // an empty array; by position, an object, if it has a key
	readKeyed                    // an empty list in an object
)

// denied names the scope whatever the token holds: the official clients skip what they may not read, and die of a 404 or a 501.
func denied() unbuiltRead { return unbuiltRead{} }

func notEntitled(message string) unbuiltRead { return unbuiltRead{kind: readRefused, message: message} }

func missingThing(message, code string) unbuiltRead {
	return unbuiltRead{kind: readMissing, message: message, code: code}
}

// standing answers with the path's value in unbuilt_defaults.json.
func standing() unbuiltRead { return unbuiltRead{kind: readStanding} }

func emptyList(key string) unbuiltRead  { return unbuiltRead{kind: readList, key: key} }
func emptyBare(key string) unbuiltRead  { return unbuiltRead{kind: readBare, key: key} }
func emptyKeyed(key string) unbuiltRead { return unbuiltRead{kind: readKeyed, key: key} }

func (u unbuiltRead) handler(path, scope string) rest.Handler {
	switch u.kind {
	case readStanding:
		value := unbuiltDefault(path)
		return rest.Do(func(context.Context, struct{}) (json.RawMessage, error) { return value, nil })
	case readMissing, readRefused, readDenied:
		return rest.Do(func(context.Context, struct{}) (rest.Nothing, error) { return rest.Nothing{}, u.refusal(scope) })
	}
	return rest.Do(func(_ context.Context, in unbuiltQuery) (any, error) { return u.list(in), nil })
}

func (u unbuiltRead) refusal(scope string) error {
	switch u.kind {
	case readMissing:
		return rest.NotFound(u.message, u.code)
	case readRefused:
		refusal := rest.InsufficientScope()
		refusal.Message = u.message
		return refusal
	}
	return rest.InsufficientScope(scope)
}

// unbuiltWrite refuses a write. The text begins as Auth0's, which auth0-cli takes apart at ": " and ",", and goes on with the truth.
func unbuiltWrite(scope string) error {
	refusal := rest.InsufficientScope(scope)
	refusal.Message += ", and here none is enough: writ does not have this part of Auth0. Nothing was changed."
	return refusal
}

type unbuiltQuery struct {
	rest.Paging
	rest.Checkpoint
}

// list is the empty list in the form that the query asks for.
func (u unbuiltRead) list(in unbuiltQuery) any {
	switch u.kind {
	case readKeyed:
		return rest.CheckpointList(u.key, nil, "")
	}
	if in.Wanted() && u.key != "" {
		return rest.CheckpointList(u.key, nil, "")
	}
	if u.kind == readBare {
		in.IncludeTotals = false
	}
	return rest.NumberedList(u.key, nil, in.Paging, 0)
}
