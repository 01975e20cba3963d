package store

// logText returns the SQL expression of a field of the log, on both engines: its text, NULL where the record has none or an empty one.
// false = no search may name the field. date and log_id are no texts: the columns date (epoch milliseconds), and seq and ms
// (parseLogID), hold them.
//
// Few fields are columns, because each token's record pays for every column; the others are read out of the record's document.
func logText(field string) (expression string, ok bool) {
	switch field {
	case "type", "client_id":
		return field, true
	case "client_name", "description", "ip", "hostname", "user_agent", "user_id", "user_name", "connection", "connection_id", "organization_id":
		return "NULLIF(doc ->> '" + field + "', '')", true
	case "strategy", "strategy_type":
		return "CAST(NULL AS TEXT)", true // of human login: no record has it, and no document needs to be read
	}
	return "", false
}
