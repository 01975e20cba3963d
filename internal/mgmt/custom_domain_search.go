package mgmt

import (
	"strconv"
	"strings"

	"github.com/writ-auth/writ/internal/tenant"
)

// domainSearch is a q of /custom-domains: terms that must all be met. The zero one finds every domain.
type domainSearch []domainTerm

// domainTerm asks that a field's text is the pieces, with any text between two of them. Case counts.
type domainTerm struct {
	field  string
	pieces []string
}

const domainMetadataField = "domain_metadata."

// parseDomainSearch reads the part of Lucene's syntax that a list of twenty asks for. Errors: InvalidQuery.
func parseDomainSearch(q string) (domainSearch, error) {
	var search domainSearch
	for rest := strings.TrimSpace(q); rest != ""; {
		var text string
		if text, rest = cutTerm(rest); rest != "" {
			after, ok := strings.CutPrefix(rest, "AND ")
			if rest = strings.TrimSpace(after); !ok || rest == "" {
				return nil, domainSearchTerm(after)
			}
		}
		term, ok := parseDomainTerm(text)
		if !ok {
			return nil, domainSearchTerm(text)
		}
		search = append(search, term)
	}
	return search, nil
}

// cutTerm cuts at the first space that is not in quotes.
func cutTerm(q string) (term, rest string) {
	quoted := false
	for i, c := range q {
		switch {
		case c == '"':
			quoted = !quoted
		case c == ' ' && !quoted:
			return q[:i], strings.TrimSpace(q[i:])
		}
	}
	return q, ""
}

func parseDomainTerm(text string) (domainTerm, bool) {
	field, value, ok := strings.Cut(text, ":")
	if !ok || value == "" || !domainFieldKnown(field) {
		return domainTerm{}, false
	}
	if phrase, ok := strings.CutPrefix(value, `"`); ok {
		phrase, ok = strings.CutSuffix(phrase, `"`)
		return domainTerm{field, []string{phrase}}, ok && !strings.Contains(phrase, `"`)
	}
	return domainTerm{field, strings.Split(value, "*")}, !strings.ContainsAny(value, `":()[]{}?\`)
}

func domainFieldKnown(field string) bool {
	switch field {
	case "domain", "status", "type", "is_default":
		return true
	}
	key, ok := strings.CutPrefix(field, domainMetadataField)
	return ok && key != ""
}

func (s domainSearch) finds(d tenant.CustomDomain) bool {
	for _, term := range s {
		if !term.finds(d) {
			return false
		}
	}
	return true
}

func (t domainTerm) finds(d tenant.CustomDomain) bool {
	switch t.field {
	case "domain":
		return matchesPieces(d.Domain, t.pieces)
	case "status":
		return matchesPieces(d.Status, t.pieces)
	case "type":
		return matchesPieces(d.Type, t.pieces)
	case "is_default":
		return matchesPieces(strconv.FormatBool(d.IsDefault), t.pieces)
	}
	value, has := d.DomainMetadata[strings.TrimPrefix(t.field, domainMetadataField)]
	return has && matchesPieces(value, t.pieces)
}

// matchesPieces reports whether text is the pieces in their order, with any text, or none, between two of them.
func matchesPieces(text string, pieces []string) bool {
	first, last := pieces[0], pieces[len(pieces)-1]
	if len(pieces) == 1 {
		return text == first
	}
	text, ok := strings.CutPrefix(text, first)
	if !ok {
		return false
	}
	for _, piece := range pieces[1 : len(pieces)-1] {
		if _, text, ok = strings.Cut(text, piece); !ok {
			return false
		}
	}
	return strings.HasSuffix(text, last)
}
