package token

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// maxBody bounds a token request in bytes.
const maxBody = 64 << 10

// received is a request and what its body held, or why that could not be read (*oauth.Error).
type received struct {
	*http.Request
	body []byte
	err  error
}

// receive reads a request to its end, and judges nothing.
func receive(w http.ResponseWriter, r *http.Request) received {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		err = oauth.TooLarge(tooLarge.Limit)
	case err != nil:
		err = oauth.Malformed("The request body could not be read to its end")
	}
	return received{r, body, err}
}

// parseRequest judges the form of a token request, nothing else. Errors: *oauth.Error.
func parseRequest(call tenant.Call, r received) (*oauth.TokenRequest, error) {
	if r.Method != http.MethodPost {
		return nil, oauth.MethodNotAllowed(r.Method)
	}
	params, err := readParams(r)
	if err != nil {
		return nil, err
	}
	return newRequest(call, params, r.Header)
}

// newRequest judges the parameters, and the headers that belong to them; nil = there are none. Errors: *oauth.Error.
func newRequest(call tenant.Call, params params, header http.Header) (*oauth.TokenRequest, error) {
	req := &oauth.TokenRequest{
		Call:         call,
		GrantType:    params.get("grant_type"),
		ClientID:     params.get("client_id"),
		Secret:       tenant.Secret(params.get("client_secret")),
		Method:       oauth.AuthClientSecretPost,
		Audience:     params.get("audience"),
		Resource:     params.get("resource"),
		Scope:        splitScope(params.get("scope")),
		Organization: params.get("organization"),
		Assertion:    params.get("client_assertion") != "" || params.get("client_assertion_type") != "",
		DPoP:         header.Get("DPoP") != "",
	}
	if err := applyBasic(req, header.Values("Authorization")); err != nil {
		return req, err
	}
	switch {
	case req.GrantType == "":
		return req, oauth.MissingParameter("grant_type")
	case req.GrantType != tenant.GrantClientCredentials:
		return req, oauth.UnsupportedGrantType(req.GrantType)
	case req.Assertion && req.Secret != "":
		return req, oauth.Malformed("Send either a client_secret or a client_assertion, not both")
	case req.ClientID == "":
		return req, oauth.MissingClientID()
	}
	if req.Secret == "" {
		req.Method = oauth.AuthNone
	}
	return req, nil
}

// readParams reads the body as the form or the JSON object that its Content-Type says it is. The query string is not read:
// RFC 6749 section 2.3.1 keeps credentials out of URIs.
func readParams(r received) (params, error) {
	contentType := r.Header.Get("Content-Type")
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil, oauth.MediaType(contentType)
	}
	parse := parseForm
	switch mediaType {
	case "application/x-www-form-urlencoded":
	case "application/json":
		parse = parseJSON
	default:
		return nil, oauth.MediaType(contentType)
	}
	if r.err != nil {
		return nil, r.err
	}
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return nil, oauth.MediaType(contentType + " with Content-Encoding: " + encoding)
	}
	return parse(r.body)
}

// applyBasic takes the credentials of HTTP Basic (RFC 6749 section 2.3.1). A client_id in the body beside it is fine if it is the
// same one; two ways to authenticate, or two clients, are not. Other schemes do not authenticate here and are not looked at.
func applyBasic(req *oauth.TokenRequest, headers []string) error {
	i := slices.IndexFunc(headers, isBasic)
	if i < 0 {
		return nil
	}
	if len(headers) > 1 {
		return oauth.Malformed("Send one Authorization header, not %d", len(headers))
	}
	id, secret, err := parseBasic(headers[i])
	if err != nil {
		return err
	}
	if req.ClientID != "" && req.ClientID != id {
		return oauth.Malformed("The client_id of the body contradicts that of the Authorization header: send one client_id")
	}
	if req.Secret != "" {
		return oauth.Malformed("Send client_secret either in the Authorization header or in the body, not in both")
	}
	req.ClientID, req.Secret, req.Method = id, tenant.Secret(secret), oauth.AuthClientSecretBasic
	return nil
}

func isBasic(header string) bool {
	scheme, _, _ := strings.Cut(header, " ")
	return strings.EqualFold(scheme, "Basic")
}

// parseBasic decodes a Basic header; both halves are form-encoded (RFC 6749 section 2.3.1). A half that is no valid encoding is
// taken as it stands, because many clients do not encode. Errors: *oauth.Error.
func parseBasic(header string) (id, secret string, err error) {
	id, secret, ok := (&http.Request{Header: http.Header{"Authorization": {header}}}).BasicAuth()
	if !ok {
		return "", "", oauth.Malformed("The Authorization header is not valid HTTP Basic: want base64 of client_id:client_secret")
	}
	id, secret = unescape(id), unescape(secret)
	if !clean(id) || !clean(secret) {
		return "", "", oauth.Malformed("The Authorization header holds characters that are no text")
	}
	return id, secret, nil
}

func unescape(s string) string {
	if out, err := url.QueryUnescape(s); err == nil {
		return out
	}
	return s
}

// splitScope splits at spaces (RFC 6749 section 3.3) and drops repetitions; nil if there is none.
func splitScope(s string) []string {
	var scope []string
	seen := make(map[string]struct{})
	for part := range strings.SplitSeq(s, " ") {
		if part == "" {
			continue
		}
		if _, again := seen[part]; again {
			continue
		}
		seen[part] = struct{}{}
		scope = append(scope, part)
	}
	return scope
}
