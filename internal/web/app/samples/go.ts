import { doubleQuoted, slashComment } from './highlight';
import { inMemory, type Language, type SampleValues } from './language';
import { quoteGo as q, quoteShell } from './quote';

const imports = (names: string[]) => `import (\n${names.map((name) => `\t"${name}"\n`).join('')})`;

const settings = (v: SampleValues) => `const (
	domain   = ${q(v.domain)}
	clientID = ${q(v.clientID)}
	audience = ${q(v.audience)}
	apiURL   = ${q(v.apiURL)}
)

${v.secret === undefined ? `var clientSecret = os.Getenv("WRIT_CLIENT_SECRET")` : `const clientSecret = ${q(v.secret)}`}

var client = &http.Client{Timeout: 30 * time.Second}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}`;

const needsSecret = (v: SampleValues) =>
  v.secret === undefined
    ? `	if clientSecret == "" {
		return errors.New("WRIT_CLIENT_SECRET is not set")
	}
`
    : '';

const packages = (v: SampleValues, more: string[]) =>
  imports(
    ['encoding/json', ...(v.secret === undefined ? ['errors'] : []), 'fmt', 'io', 'net/http', 'net/url', 'os', 'time', ...more].sort(),
  );

const requestToken = `// requestToken returns a token and how long it is valid (RFC 6749 section 4.4).
func requestToken() (token string, lifetime time.Duration, err error) {
	res, err := client.PostForm("https://"+domain+"/oauth/token", url.Values{
		"grant_type":    {"client_credentials"},
		"client_id":     {clientID},
		"client_secret": {clientSecret},
		"audience":      {audience},
	})
	if err != nil {
		return "", 0, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return "", 0, err
	}
	if res.StatusCode != http.StatusOK {
		return "", 0, fmt.Errorf("no token: %s %s", res.Status, body)
	}
	var answer struct {
		AccessToken string \`json:"access_token"\`
		ExpiresIn   int    \`json:"expires_in"\`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return "", 0, err
	}
	return answer.AccessToken, time.Duration(answer.ExpiresIn) * time.Second, nil
}`;

const call = `// call returns the API's status and body.
func call(token string) (status int, body []byte, err error) {
	req, err := http.NewRequest(http.MethodGet, apiURL, nil)
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	body, err = io.ReadAll(res.Body)
	return res.StatusCode, body, err
}`;

const once = (v: SampleValues) => `// Asks for an access token and calls the API with it.
package main

${packages(v, [])}

${settings(v)}

func run() error {
${needsSecret(v)}	token, lifetime, err := requestToken()
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "A token for", lifetime)
	status, body, err := call(token)
	if err != nil {
		return err
	}
	fmt.Println(status, string(body))
	if status < 200 || status > 299 {
		return fmt.Errorf("the API answered %d", status)
	}
	return nil
}

${requestToken}

${call}
`;

const cache = `// tokenCache keeps one token until a minute before it expires. Safe for concurrent use: one
// goroutine asks, the others wait for its answer.
type tokenCache struct {
	mu    sync.Mutex // guards the rest, also while a token is asked for
	token string
	until time.Time
}

// get returns the kept token, or a new one if it is about to expire or is the refused one.
func (c *tokenCache) get(refused string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token != refused && time.Now().Before(c.until) {
		return c.token, nil
	}
	token, lifetime, err := requestToken()
	if err != nil {
		return "", err
	}
	c.token, c.until = token, time.Now().Add(lifetime-time.Minute)
	return token, nil
}`;

const kept = (v: SampleValues) => `// Calls the API with a token that is kept until a minute before it expires.
package main

${packages(v, ['sync'])}

${settings(v)}

func run() error {
${needsSecret(v)}	results := make(chan error)
	for i := 0; i < 3; i++ {
		go func() { results <- callAPI() }()
	}
	for i := 0; i < 3; i++ {
		if err := <-results; err != nil {
			return err
		}
	}
	return nil
}

var tokens tokenCache

func callAPI() error {
	token, err := tokens.get("")
	if err != nil {
		return err
	}
	status, body, err := call(token)
	if status == http.StatusUnauthorized {
		// Its key was revoked, perhaps: one new token is tried.
		if token, err = tokens.get(token); err == nil {
			status, body, err = call(token)
		}
	}
	if err != nil {
		return err
	}
	fmt.Println(status, string(body))
	if status < 200 || status > 299 {
		return fmt.Errorf("the API answered %d", status)
	}
	return nil
}

${cache}

${requestToken}

${call}
`;

export const go: Language = {
  id: 'go',
  label: 'Go',
  needs: 'Go 1.18 or later, nothing to install',
  file: 'main.go',
  once,
  kept,
  keeps: inMemory,
  trust: ({ bundle }) => [`export SSL_CERT_FILE=${quoteShell(bundle)}`],
  run: ['go run main.go'],
  grammar: {
    comment: slashComment,
    string: `${doubleQuoted}|\`[^\`]*\``,
    keywords: 'chan const defer else for func go if import nil package range return struct type var',
  },
};
