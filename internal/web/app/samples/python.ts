import { doubleQuoted, hashComment, singleQuoted } from './highlight';
import { inMemory, type Language, type SampleValues } from './language';
import { quotePython as q, quoteShell } from './quote';

const settings = (v: SampleValues) => `DOMAIN = ${q(v.domain)}
CLIENT_ID = ${q(v.clientID)}
CLIENT_SECRET = ${v.secret === undefined ? 'os.environ["WRIT_CLIENT_SECRET"]' : q(v.secret)}
AUDIENCE = ${q(v.audience)}
API_URL = ${q(v.apiURL)}`;

const requests = `def send(method, url, headers, body=None):
    """Sends a request; returns the status and the text of the answer."""
    to = urllib.parse.urlsplit(url)
    plain = to.scheme == "http"
    kind = http.client.HTTPConnection if plain else http.client.HTTPSConnection
    connection = kind(to.netloc, timeout=30)
    try:
        path = urllib.parse.urlunsplit(("", "", to.path or "/", to.query, ""))
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def request_token():
    """Returns a token and the seconds that it is valid for (RFC 6749 section 4.4)."""
    form = urllib.parse.urlencode({
        "grant_type": "client_credentials",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "audience": AUDIENCE,
    })
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    status, body = send("POST", f"https://{DOMAIN}/oauth/token", headers, form)
    if status != 200:
        raise RuntimeError(f"No token: {status} {body}")
    answer = json.loads(body)
    return answer["access_token"], answer["expires_in"]
`;

const imports = (v: SampleValues, more: string[]) =>
  ['http.client', 'json', ...(v.secret === undefined ? ['os'] : []), 'sys', 'urllib.parse', ...more]
    .sort()
    .map((name) => `import ${name}`)
    .join('\n');

const once = (v: SampleValues) => `"""Asks for an access token and calls the API with it."""

${imports(v, [])}

${settings(v)}


${requests}

token, expires_in = request_token()
print(f"A token for {expires_in} seconds.", file=sys.stderr)
status, body = send("GET", API_URL, {"Authorization": f"Bearer {token}"})
print(status, body)
sys.exit(0 if 200 <= status < 300 else 1)
`;

const kept = (v: SampleValues) => `"""Calls the API with a token that is kept until a minute before it expires."""

${imports(v, ['concurrent.futures', 'threading', 'time'])}

${settings(v)}


${requests}

class TokenCache:
    """Keeps one token. Safe for threads: one asks, the others wait for its answer."""

    def __init__(self):
        self._lock = threading.Lock()
        self._token = None
        self._until = 0.0

    def get(self, refused=None):
        """Returns the kept token; a new one if it is about to expire or is the refused one."""
        with self._lock:
            if self._token == refused or time.monotonic() >= self._until:
                self._token, expires_in = request_token()
                self._until = time.monotonic() + expires_in - 60
            return self._token


tokens = TokenCache()


def call_api():
    token = tokens.get()
    status, body = send("GET", API_URL, {"Authorization": f"Bearer {token}"})
    if status == 401:  # its key was revoked, perhaps: one new token is tried
        token = tokens.get(refused=token)
        status, body = send("GET", API_URL, {"Authorization": f"Bearer {token}"})
    return status, body


failed = False
with concurrent.futures.ThreadPoolExecutor() as pool:
    for call in [pool.submit(call_api) for _ in range(3)]:
        status, body = call.result()
        print(status, body)
        failed = failed or not 200 <= status < 300
sys.exit(1 if failed else 0)
`;

export const python: Language = {
  id: 'python',
  label: 'Python',
  needs: 'Python 3.8 or later, nothing to install',
  file: 'call_api.py',
  once,
  kept,
  keeps: inMemory,
  trust: ({ bundle }) => [`export SSL_CERT_FILE=${quoteShell(bundle)}`],
  run: ['python3 call_api.py'],
  grammar: {
    comment: hashComment,
    string: `"""[\\s\\S]*?"""|f?(?:${doubleQuoted}|${singleQuoted})`,
    keywords: 'and as class def else except False finally for from if import in is not None or raise return self True try while with',
  },
};
