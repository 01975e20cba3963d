package action

// maxTokens bounds what a parser can be made to hold at a time, and to go over again and again: ten thousand of "!" cost it 100 MB, a hundred
// thousand a gigabyte, as many commas minutes.
const maxTokens = 10_000

// tooDeep reports whether code may nest too deep. What nests in JavaScript are brackets, and the words and signs of one statement; so for each
// bracket that is open it counts them since the last semicolon. Strings, comments and regular expressions count as code: to tell
// them apart needs the parser that is to be spared.
func tooDeep(code string) bool {
	var outer []int // counts of the brackets around the innermost
	count, total := 0, 0
	word := false
	for i := range len(code) {
		c := code[i]
		inWord := isWord(c)
		if inWord && word || c == ' ' || c == '\t' || c == '\r' || c == '\n' {
			word = inWord
			continue
		}
		word = inWord
		switch c {
		case ';':
			total -= count
			count = 0
			continue
		case '(', '[', '{':
			outer = append(outer, count+1)
			total, count = total+1, 0
		case ')', ']', '}':
			if len(outer) > 0 {
				total -= count
				count, outer = outer[len(outer)-1], outer[:len(outer)-1]
			}
		default:
			count, total = count+1, total+1
		}
		if total > maxTokens {
			return true
		}
	}
	return false
}

// isWord: names and numbers, and the quotes of strings.
func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '$' || c == '"' || c == '\'' || c >= 0x80
}
