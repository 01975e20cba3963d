package tenant

import "time"

// TokenCount counts records of token requests that are alike: of one hour, outcome, client, audience and, where they were refused, reason.
type TokenCount struct {
	// Hour is the number of whole hours between the beginning of what was counted and the records.
	Hour int
	// Type is LogTokenIssued or LogTokenRefused.
	Type string
	// ClientID, ClientName and Audience are empty where the records have none.
	ClientID, ClientName, Audience string
	// Description is why the requests were refused; empty where they were not.
	Description string
	// Other: requests of several audiences, refused for several reasons, which were too many to tell apart; Audience and Description are empty.
	Other bool
	Count int
	// Oldest and Newest are the dates of the first and of the last of the records.
	Oldest, Newest time.Time
}
