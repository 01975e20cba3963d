package store

import "strings"

// like: LIKE of SQLite takes a for A; GLOB does not, nor does it need an escape but for its own three characters.
func (e *sqliteEngine) like(text string, literals []string, bind func(any) string) string {
	return text + " GLOB " + bind(pattern(literals, globEscapes, "*"))
}

func (e *sqliteEngine) contains(doc, literal string, bind func(any) string) string {
	return "INSTR(" + doc + ", " + bind(literal) + ") > 0"
}

// bytewise: BINARY is what SQLite compares by.
func (e *sqliteEngine) bytewise(text string) string { return text }

func (e *postgresEngine) like(text string, literals []string, bind func(any) string) string {
	return text + " LIKE " + bind(pattern(literals, likeEscapes, "%"))
}

func (e *postgresEngine) contains(doc, literal string, bind func(any) string) string {
	return "STRPOS(CAST(" + doc + " AS TEXT), " + bind(literal) + ") > 0"
}

// bytewise: a database may have any collation; C is that of bytes.
func (e *postgresEngine) bytewise(text string) string { return text + ` COLLATE "C"` }

var (
	globEscapes = strings.NewReplacer("*", "[*]", "?", "[?]", "[", "[[]")
	likeEscapes = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)
)

// pattern puts a wildcard between literals.
func pattern(literals []string, escapes *strings.Replacer, wildcard string) string {
	escaped := make([]string, len(literals))
	for i, literal := range literals {
		escaped[i] = escapes.Replace(literal)
	}
	return strings.Join(escaped, wildcard)
}
