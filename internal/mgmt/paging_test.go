package mgmt

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// paged are the lists that page, with an own object at their path, and whether they page by position too.
func (e *env) paged(ids map[string]string) map[string]bool {
	lists := map[string]bool{}
	for _, op := range e.operations() {
		has := func(name string) bool {
			return slices.ContainsFunc(op.query(), func(p parameter) bool { return p.Name == name })
		}
		if has("per_page") && op.path != "/logs" { // the log's positions are its ids: see logs.txt
			lists[op.at(e.t, ids)] = has("take")
		}
	}
	return lists
}

// Past the end there is nothing, and that is no error.
func TestPagingPastTheEnd(t *testing.T) {
	e := newEnv(t)
	token, lists := e.token(acme), 0
	for path := range e.paged(e.objectsOf(acme)) {
		for _, page := range []string{"1000", "2147483647"} {
			status, text := e.ask(acme, token, "GET", path+"?per_page=100&page="+page, "")
			if status != http.StatusOK || strings.Contains(text, `"id"`) || strings.Contains(text, `"client_id"`) {
				t.Errorf("%s, page %s: %d %s", path, page, status, text)
			}
			lists++
		}
	}
	if lists < 6 {
		t.Errorf("only %d lists page", lists/2)
	}
}

// A cursor that was altered by hand is refused, wherever it was altered, in the words of a bad parameter.
func TestAlteredCursors(t *testing.T) {
	e := newEnv(t)
	token, ids := e.token(acme), e.objectsOf(acme)
	second := fmt.Sprintf(`{"client_id":%q,"audience":%q,"scope":[]}`, ids["clients"], callTo(acme).ManagementAudience())
	if status, text := e.ask(acme, token, "POST", "/client-grants", second); status != http.StatusCreated { // so that there is a second page
		t.Fatal(text)
	}
	tried := 0
	for path, byPosition := range e.paged(ids) {
		if !byPosition {
			continue
		}
		_, text := e.ask(acme, token, "GET", path+"?take=1", "")
		cursor := e.property(text, "next")
		if cursor == "<nil>" {
			continue
		}
		for _, altered := range alterations(cursor) {
			tried++
			status, text := e.ask(acme, token, "GET", path+"?take=1&from="+url.QueryEscape(altered), "")
			want := "Query validation error: 'The value is no cursor of this list: pass the next of its last answer' on property from (Optional Id from which to start selection.)."
			if status != http.StatusBadRequest || e.property(text, "message") != want || e.property(text, "errorCode") != "invalid_query_string" {
				t.Errorf("%s from %s: %d %s", path, altered, status, text)
			}
		}
		if status, text := e.ask(acme, token, "GET", path+"?take=100&from="+cursor, ""); status != http.StatusOK || e.property(text, "next") != "<nil>" {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
	if tried < 100 {
		t.Errorf("only %d cursors were tried", tried)
	}
}

// alterations change a cursor at each place, and cut and lengthen it.
func alterations(cursor string) []string {
	all := []string{cursor + "A", cursor + "=", cursor[1:], cursor[:len(cursor)-1], cursor + cursor, "x", "0", "null", " ", "\x7f"}
	for i := range len(cursor) {
		other := "A"
		if cursor[i] == 'A' {
			other = "B"
		}
		all = append(all, cursor[:i]+other+cursor[i+1:])
	}
	return all
}
