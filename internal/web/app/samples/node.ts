import { doubleQuoted, singleQuoted, slashComment } from './highlight';
import { inMemory, type Language, type SampleValues } from './language';
import { quoteJS as q, quoteShell } from './quote';

const settings = (v: SampleValues) => `const domain = ${q(v.domain)};
const clientID = ${q(v.clientID)};
const clientSecret = ${v.secret === undefined ? 'process.env.WRIT_CLIENT_SECRET' : q(v.secret)};
const audience = ${q(v.audience)};
const apiURL = ${q(v.apiURL)};
${
  v.secret === undefined
    ? `
if (!clientSecret) {
  throw new Error('WRIT_CLIENT_SECRET is not set');
}
`
    : ''
}`;

const requests = `// Returns a token and the seconds that it is valid for (RFC 6749 section 4.4).
async function requestToken() {
  const answer = await fetch(\`https://\${domain}/oauth/token\`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientID,
      client_secret: clientSecret,
      audience,
    }),
    redirect: 'error',
    signal: AbortSignal.timeout(30_000),
  });
  const body = await answer.text();
  if (!answer.ok) {
    throw new Error(\`No token: \${answer.status} \${body}\`);
  }
  const { access_token: token, expires_in: lifetime } = JSON.parse(body);
  return { token, lifetime };
}

function call(token) {
  return fetch(apiURL, {
    headers: { Authorization: \`Bearer \${token}\` },
    signal: AbortSignal.timeout(30_000),
  });
}
`;

const once = (v: SampleValues) => `// Asks for an access token and calls the API with it.

${settings(v)}
${requests}
const { token, lifetime } = await requestToken();
console.error(\`A token for \${lifetime} seconds.\`);
const answer = await call(token);
console.log(answer.status, await answer.text());
process.exitCode = answer.ok ? 0 : 1;
`;

const kept = (v: SampleValues) => `// Calls the API with a token that is kept until a minute before it expires.

${settings(v)}
${requests}
let kept = { token: undefined, until: 0 };
let pending; // a request for a token that is under way: whoever asks meanwhile waits for it

// Returns the kept token, or a new one if it is about to expire or is the refused one.
async function getToken(refused) {
  if (kept.token !== refused && performance.now() < kept.until) {
    return kept.token;
  }
  pending ??= renewToken().finally(() => {
    pending = undefined;
  });
  return pending;
}

async function renewToken() {
  const { token, lifetime } = await requestToken();
  kept = { token, until: performance.now() + (lifetime - 60) * 1000 };
  return token;
}

async function callAPI() {
  const token = await getToken();
  const answer = await call(token);
  if (answer.status !== 401) {
    return answer;
  }
  await answer.arrayBuffer(); // frees the connection
  return call(await getToken(token)); // its key was revoked, perhaps: one new token is tried
}

for (const answer of await Promise.all([callAPI(), callAPI(), callAPI()])) {
  console.log(answer.status, await answer.text());
  process.exitCode ||= answer.ok ? 0 : 1;
}
`;

export const node: Language = {
  id: 'node',
  label: 'Node.js',
  needs: 'Node 18 or later, nothing to install: fetch instead of axios',
  file: 'call-api.mjs',
  once,
  kept,
  keeps: inMemory,
  trust: ({ certificate }) => [`export NODE_EXTRA_CA_CERTS=${quoteShell(certificate)}`],
  run: ['node call-api.mjs'],
  grammar: {
    comment: slashComment,
    string: `${singleQuoted}|${doubleQuoted}|\`(?:\\\\.|[^\`\\\\])*\``,
    keywords: 'async await const else for function if let new of return throw undefined',
  },
};
