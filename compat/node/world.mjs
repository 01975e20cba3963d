// The world that the Go harness made, as it hands it over (world_test.go).

import { setTimeout } from 'node:timers/promises';

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
/** Holds read:timesheets of the Timesheets API, nothing else. */
export const auditor = client('AUDITOR');
/** Holds no grant at all. */
export const stranger = client('STRANGER');

/** [{audience, token_dialect, signing_alg, signing_secret?}] */
export const signedAPIs = JSON.parse(read('SIGNED_APIS'));

/** An API whose tokens are valid for a second; job holds read:things of it. */
export const shortLived = read('SHORT_LIVED_AUDIENCE');

const otherDomain = read('OTHER_DOMAIN');
const otherJob = client('OTHER_JOB');

export const noGrant =
  `Client "${stranger.clientId}" is not authorized to access resource server "${timesheets}". ` +
  'You need to create a "client-grant" associated to this API.';

export const notGranted = 'Client has not been granted scopes: approve:timesheets';

/** Resolves to the answer of a token request that must succeed. */
export async function requestToken({ clientId, clientSecret }, audience, at = domain) {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, audience });
  const response = await fetch(`https://${at}/oauth/token`, { method: 'POST', body });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

/** Resolves to a token for shortLived once it is no longer valid, for verifiers whose clock cannot be set. */
export async function expiredToken() {
  const { access_token: token } = await requestToken(job, shortLived);
  await setTimeout(2100); // its second, and one that some libraries round away
  return token;
}

/**
 * Tokens that nobody may take for tokens of the audience; `for` is the audience to verify with. The audience is an API's whose
 * tokens are signed with RS256.
 */
export async function badTokens(audience) {
  const { access_token: good } = await requestToken(job, audience);
  const { access_token: unrelated } = await requestToken(job, timesheets);
  const { access_token: foreign } = await requestToken(otherJob, audience, otherDomain);
  const [header, payload, signature] = good.split('.');
  const widened = { ...JSON.parse(Buffer.from(payload, 'base64url')), scope: 'read:things delete:things' };
  return {
    wrongAudience: { for: `${audience}/`, token: good },
    otherTenant: { for: audience, token: foreign },
    changedPayload: { for: audience, token: [header, Buffer.from(JSON.stringify(widened)).toString('base64url'), signature].join('.') },
    changedSignature: { for: audience, token: [header, payload, unrelated.split('.')[2]].join('.') },
  };
}
