package oauth

import (
	"net/netip"

	"github.com/writ-auth/writ/internal/tenant"
)

// Question is a token request that is to be explained: its parameters, without a request.
type Question struct {
	GrantType, ClientID string
	// Secret is what would be presented. Empty = the client is taken as authenticated.
	Secret tenant.Secret
	// Audience, Resource, Scope (separated by spaces) and Organization are as on the wire; empty = not given.
	Audience, Resource, Scope, Organization string
	// DPoP: a proof of possession would be presented.
	DPoP bool
	// IP and UserAgent are where the request would come from. Without an address the network is taken as one that may ask.
	IP        netip.Addr
	UserAgent string
	// Recorded is the refusal that these parameters once met; nil = none is known of. What a record does not keep (a secret, the form of
	// the request) cannot be tried again: such a refusal stands.
	Recorded *Error
}

// Explanation is what the token path would decide now.
type Explanation struct {
	// Decisions are all of them, in the order in which they are made.
	Decisions []Decision
	// Answer is what the caller would be told now; Recorded what it was told then, nil without Question.Recorded.
	Answer   Answer
	Recorded *Answer
	// Assumed: no secret was given, so the client was taken as authenticated.
	Assumed bool
	// Asked are the scopes that are asked for; nil = all that is granted.
	Asked []string
	// Network is the ACL that shuts out where the request comes from; nil = none.
	Network *tenant.NetworkACL
	// Client is nil while it is unknown. Authorization is what was decided of it; nil if the client was refused.
	Client        *tenant.Client
	Authorization *Authorization
	// Quotas are the levels of the quotas that count, before the token; nil = none does, or that was not reached.
	Quotas []tenant.QuotaLevel
}

// Failed is the decision that refuses; nil = a token would be issued.
func (e *Explanation) Failed() *Decision {
	for i := range e.Decisions {
		if e.Decisions[i].Outcome == OutcomeFailed {
			return &e.Decisions[i]
		}
	}
	return nil
}

// Answer is an answer of the token endpoint.
type Answer struct {
	// Status is the HTTP status.
	Status int
	// Refusal is nil where a token is issued.
	Refusal *Error
}

// Decision is one of those that are made of a token request.
type Decision struct {
	Name    DecisionName
	Outcome Outcome
	// Message is for those who run the tenant. Empty if the decision was not reached.
	Message string
	// Facts are what the decision was made of, by the names of the protocol; never a secret.
	Facts map[string]any
}

// DecisionName tells decisions apart.
type DecisionName string

// The decisions, in the order of Decisions.
const (
	// DecisionNetwork: no network ACL shuts out where it comes from.
	DecisionNetwork DecisionName = "network"
	// DecisionRequest: the request is well-formed, and the server knows its grant type.
	DecisionRequest DecisionName = "request"
	// DecisionClient: the client that it names is there.
	DecisionClient DecisionName = "client"
	// DecisionAuthentication: the client proves to be the one (RFC 6749 section 2.3).
	DecisionAuthentication DecisionName = "authentication"
	// DecisionGrantType: the client may use the grant type.
	DecisionGrantType DecisionName = "grant_type"
	// DecisionAPI: the audience is an API's identifier.
	DecisionAPI DecisionName = "api"
	// DecisionPolicy: the API is open to clients.
	DecisionPolicy DecisionName = "policy"
	// DecisionGrant: the client has a grant for the API.
	DecisionGrant DecisionName = "grant"
	// DecisionScope: all scopes that it asks for are granted.
	DecisionScope DecisionName = "scope"
	// DecisionOrganization: an organization is named where the grant wants one, and nowhere else.
	DecisionOrganization DecisionName = "organization"
	// DecisionProofOfPossession: nothing wants the token bound to a key.
	DecisionProofOfPossession DecisionName = "proof_of_possession"
	// DecisionRateLimit: the client's rate limit policy lets it pass.
	DecisionRateLimit DecisionName = "rate_limit"
	// DecisionQuota: the client and the organization have tokens left.
	DecisionQuota DecisionName = "quota"
	// DecisionActions: the tenant's Actions of the trigger credentials-exchange let it pass.
	DecisionActions DecisionName = "actions"
)

// Decisions are all of them, in the order in which the token path makes them.
func Decisions() []DecisionName {
	return []DecisionName{
		DecisionNetwork, DecisionRequest, DecisionClient, DecisionAuthentication, DecisionGrantType, DecisionAPI, DecisionPolicy, DecisionGrant, DecisionScope,
		DecisionOrganization, DecisionProofOfPossession, DecisionRateLimit, DecisionQuota, DecisionActions,
	}
}

// Outcome is how a decision ended.
type Outcome string

// Values of Outcome.
const (
	OutcomePassed Outcome = "passed"
	OutcomeFailed Outcome = "failed"
	// OutcomeNotReached: a decision before it failed.
	OutcomeNotReached Outcome = "not_reached"
)

// Decision is where a refusal was decided; of credentials that depends on whether the client is known. Empty for what says nothing of
// the request: an overload, a store that is gone, a fault of ours.
func (e *Error) Decision(clientKnown bool) DecisionName {
	switch e.Reason {
	case ReasonNetwork, ReasonNetworkRedirect:
		return DecisionNetwork
	case ReasonMalformed, ReasonMethod, ReasonMediaType, ReasonTooLarge, ReasonUnsupportedGrantType:
		return DecisionRequest
	case ReasonMissingClientID:
		return DecisionClient
	case ReasonCredentials:
		if clientKnown {
			return DecisionAuthentication
		}
		return DecisionClient
	case ReasonSecret:
		return DecisionAuthentication
	case ReasonGrantType:
		return DecisionGrantType
	case ReasonNoAudience, ReasonUnknownAudience:
		return DecisionAPI
	case ReasonPolicy:
		return DecisionPolicy
	case ReasonNoClientGrant:
		return DecisionGrant
	case ReasonScope:
		return DecisionScope
	case ReasonOrganization:
		return DecisionOrganization
	case ReasonProofOfPossession:
		return DecisionProofOfPossession
	case ReasonRateLimit:
		return DecisionRateLimit
	case ReasonQuota:
		return DecisionQuota
	case ReasonActions:
		return DecisionActions
	}
	return ""
}
