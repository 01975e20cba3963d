// The world that the Go harness made, as it hands it over (world_test.go).

const read = (name) => {
  const value = process.env[`COMPAT_${name}`];
  if (!value) throw new Error(`COMPAT_${name} is not set: run this through \`go test\` in compat/`);
  return value;
};

const client = (name) => ({ clientId: read(`${name}_CLIENT_ID`), clientSecret: read(`${name}_CLIENT_SECRET`) });

export const domain = read('DOMAIN');
export const issuer = read('ISSUER');
export const timesheets = read('API_AUDIENCE');
export const managementAudience = read('MANAGEMENT_AUDIENCE');

/** Holds all scopes of the Management API. */
export const management = client('MANAGEMENT');
/** Holds read:clients of the Management API, nothing else. */
export const reader = client('READER');
/** Holds batch:upload of the Timesheets API, and read:things of each of signedAPIs. */
export const job = client('JOB');
/** Holds no grant at all. */
export const stranger = client('STRANGER');

/** [{audience, token_dialect, signing_alg, signing_secret?}] */
export const signedAPIs = JSON.parse(read('SIGNED_APIS'));

export const noGrant =
  `Client "${stranger.clientId}" is not authorized to access resource server "${timesheets}". ` +
  'You need to create a "client-grant" associated to this API.';

/** Resolves to the answer of a token request that must succeed. */
export async function requestToken({ clientId, clientSecret }, audience) {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, audience });
  const response = await fetch(`https://${domain}/oauth/token`, { method: 'POST', body });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${response.status} ${JSON.stringify(answer)}`);
  return answer;
}
