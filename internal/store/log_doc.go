package store

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/writ-auth/writ/internal/tenant"
)

// recordDoc is the stored JSON form of a record: that of json.Marshal, without what no database holds. Written out by hand, because
// every token pays for it; a test compares it with the struct. Errors: details that are no JSON.
func recordDoc(e *tenant.LogEvent) (string, error) {
	const usual = 1024 // bytes
	d := docWriter(make([]byte, 0, usual))
	d.text(`{"tenant_name":`, e.Tenant)
	d = append(d, `,"date":"`...)
	d = e.Date.AppendFormat(d, time.RFC3339Nano)
	d.text(`","type":`, e.Type)
	d.text(`,"description":`, e.Description)
	d.pointer(`,"client_id":`, e.ClientID)
	d.pointer(`,"client_name":`, e.ClientName)
	d.text(`,"ip":`, e.IP)
	d.optional(`,"client_ip":`, e.ClientIP)
	d.text(`,"user_agent":`, e.UserAgent)
	d.text(`,"hostname":`, e.Hostname)
	d.text(`,"user_id":`, e.UserID)
	d.text(`,"user_name":`, e.UserName)
	d.text(`,"connection_id":`, e.ConnectionID)
	d.optional(`,"connection":`, e.Connection)
	d.optional(`,"organization_id":`, e.OrganizationID)
	d.optional(`,"organization_name":`, e.OrganizationName)
	d.optional(`,"audience":`, e.Audience)
	d.optional(`,"scope":`, e.Scope)
	d.optional(`,"auth0_client":`, e.Auth0Client)
	d.optional(`,"environment_name":`, e.EnvironmentName)
	if e.Details != nil {
		if !json.Valid(e.Details) {
			return "", fmt.Errorf("the details of a log record are no JSON: %.100q", e.Details)
		}
		d = append(d, `,"details":`...)
		d = append(d, storable(storableEscapes(string(e.Details)))...)
	}
	if e.References != nil {
		d.references(e.References)
	}
	d = append(d, `,"isMobile":`...)
	d = strconv.AppendBool(d, e.IsMobile)
	d = append(d, '}')
	return string(d), nil
}

// docWriter is a JSON object in the making. A key is given with the punctuation around it.
type docWriter []byte

func (d *docWriter) optional(key, value string) {
	if value != "" {
		d.text(key, value)
	}
}

func (d *docWriter) pointer(key string, value *string) {
	if value != nil {
		d.text(key, *value)
		return
	}
	*d = append(append(*d, key...), "null"...)
}

func (d *docWriter) references(r *tenant.LogReferences) {
	*d = append(*d, `,"references":{`...)
	d.optional(`"trace_id":`, r.TraceID)
	if r.CorrelationID != "" && r.TraceID != "" {
		*d = append(*d, ',')
	}
	d.optional(`"correlation_id":`, r.CorrelationID)
	*d = append(*d, '}')
}

// text appends a string (RFC 8259 section 7). NUL and what is no UTF-8 are left out.
func (d *docWriter) text(key, value string) {
	const hex = "0123456789abcdef"
	out := append(append(*d, key...), '"')
	start := 0 // of what is to be copied as it is
	for i := 0; i < len(value); {
		c := value[i]
		if c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(value[i:])
		if c >= utf8.RuneSelf && (r != utf8.RuneError || size > 1) {
			i += size
			continue
		}
		out = append(out, value[start:i]...)
		switch i, start = i+1, i+1; {
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		case c != 0 && c < ' ':
			out = append(out, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xf])
		}
	}
	*d = append(append(out, value[start:]...), '"')
}

// storableEscapes leaves out, of valid JSON, the escapes of what PostgreSQL does not take as text: NUL and halves of surrogate pairs.
func storableEscapes(doc string) string {
	if !strings.Contains(doc, `\u`) {
		return doc
	}
	var out strings.Builder
	for i := 0; i < len(doc); {
		size := 1
		if doc[i] == '\\' {
			size = 2
		}
		if strings.HasPrefix(doc[i:], `\u`) {
			var keep bool
			if size, keep = escapedRune(doc[i:]); !keep {
				i += size
				continue
			}
		}
		out.WriteString(doc[i : i+size])
		i += size
	}
	return out.String()
}

// escapedRune looks at the \uXXXX, or the pair of them, that s begins with: its length, and whether it is text.
func escapedRune(s string) (size int, keep bool) {
	const one = len(`\u0000`)
	first, _ := strconv.ParseUint(s[2:one], 16, 16)
	if !utf16.IsSurrogate(rune(first)) {
		return one, first != 0
	}
	if len(s) >= 2*one && s[one] == '\\' && s[one+1] == 'u' {
		second, _ := strconv.ParseUint(s[one+2:2*one], 16, 16)
		if utf16.DecodeRune(rune(first), rune(second)) != utf8.RuneError {
			return 2 * one, true
		}
	}
	return one, false
}
