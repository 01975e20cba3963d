package rest

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"slices"
	"strconv"
)

// defaultPerPage is the page size where the caller names none.
const defaultPerPage = 50

// Paging is the part of a query that pages by number.
type Paging struct {
	Page          int  `query:"page" min:"0" max:"2147483647" doc:"Page index of the results to return. First page is 0."`
	PerPage       *int `query:"per_page" min:"0" max:"100" doc:"Number of results per page. Default value is 50, maximum value is 100"`
	IncludeTotals bool `query:"include_totals" doc:"Return results inside an object that contains the total result count (true) or as a direct array of results (false, default)."`
}

// Offset and Limit are the window of rows that the page shows. Limit may be 0.
func (p Paging) Offset() int { return p.Page * p.Limit() }

// Limit is per_page or its default.
func (p Paging) Limit() int {
	if p.PerPage == nil {
		return defaultPerPage
	}
	return *p.PerPage
}

// Checkpoint is the part of a query that pages by position. Where it is Wanted, page, per_page and include_totals do not count.
// Its parameters count by being there: an empty from is the beginning, and an empty take is no number.
type Checkpoint struct {
	From *string `query:"from" empty:"counts" doc:"Optional Id from which to start selection."`
	Take *int    `query:"take" empty:"counts" min:"1" max:"100" doc:"Number of results per page. Defaults to 50."`
}

// Wanted reports whether the caller pages by position: take or from is there.
func (c Checkpoint) Wanted() bool { return c.From != nil || c.Take != nil }

// Position is where to go on; empty = at the beginning.
func (c Checkpoint) Position() string {
	if c.From == nil {
		return ""
	}
	return *c.From
}

// Limit is take or its default.
func (c Checkpoint) Limit() int {
	if c.Take == nil {
		return defaultPerPage
	}
	return *c.Take
}

// List is the answer of a list endpoint in one of its three forms: bare array, object with totals, object with next.
type List struct {
	key    string
	items  []Object
	form   listForm
	paging Paging
	total  int
	length bool
	next   string
}

type listForm int

const (
	bare listForm = iota
	totals
	checkpoint
)

// NumberedList is a page by number; total counts only if p.IncludeTotals.
func NumberedList(key string, items []Object, p Paging, total int) List {
	l := List{key: key, items: items, paging: p, total: total}
	if p.IncludeTotals {
		l.form = totals
	}
	return l
}

// CheckpointList is a page by position; next is empty on the last page, and then absent: a pager loops for ever on "".
func CheckpointList(key string, items []Object, next string) List {
	return List{key: key, items: items, form: checkpoint, next: next}
}

// WithLength adds length, the number of items on this page, and puts total last, as the log does.
func (l List) WithLength() List { l.length = true; return l }

// MarshalJSON writes the form that was chosen.
func (l List) MarshalJSON() ([]byte, error) { return l.appendJSON(nil), nil }

func (l List) appendJSON(dst []byte) []byte {
	dst = slices.Grow(dst, l.size())
	if l.form == bare {
		return l.appendItems(dst)
	}
	number := func(name string, n int) {
		dst = append(dst, `"`+name+`":`...)
		dst = append(strconv.AppendInt(dst, int64(n), 10), ',')
	}
	dst = append(dst, '{')
	if l.form == totals && !l.length {
		number("total", l.total)
	}
	if l.form == totals {
		number("start", l.paging.Offset())
		number("limit", l.paging.Limit())
	}
	if l.form == totals && l.length {
		number("length", len(l.items))
		number("total", l.total)
	}
	dst = l.appendItems(append(dst, `"`+l.key+`":`...))
	if l.next != "" {
		dst = strconv.AppendQuote(append(dst, `,"next":`...), l.next) // base64url
	}
	return append(dst, '}')
}

func (l List) appendItems(dst []byte) []byte {
	dst = append(dst, '[')
	for i, item := range l.items {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = item.appendJSON(dst)
	}
	return append(dst, ']')
}

// size is about how long the text will be, so that a page of hundreds of kilobytes is not copied as it grows.
func (l List) size() int {
	const envelope = 256
	n := envelope
	for _, item := range l.items {
		n += item.size() + len(",")
	}
	return n
}

// A cursor on the wire is base64url of a checksum and a position. The checksum binds it to its list and catches a cursor that was
// mangled or taken from elsewhere; it is no secret, for a position gives nothing that its reader may not list anyway.
const checksumSize = 8

// EncodeCursor makes a position of a list (named so that no two lists and no two tenants share a name) opaque.
func EncodeCursor(list, position string) string {
	sum := cursorSum(list, position)
	return base64.RawURLEncoding.EncodeToString(append(sum, position...))
}

// DecodeCursor reads what EncodeCursor wrote for the same list. Errors: InvalidQuery.
func DecodeCursor(list, cursor string) (string, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(raw) < checksumSize {
		return "", BadCursor()
	}
	position := string(raw[checksumSize:])
	if subtle.ConstantTimeCompare(raw[:checksumSize], cursorSum(list, position)) != 1 {
		return "", BadCursor()
	}
	return position, nil
}

// BadCursor refuses a from that is no cursor of the list.
func BadCursor() *Error {
	return queryError("The value is no cursor of this list: pass the next of its last answer", "from", "Optional Id from which to start selection.")
}

func cursorSum(list, position string) []byte {
	sum := sha256.Sum256([]byte(list + "\x00" + position))
	return sum[:checksumSize]
}
