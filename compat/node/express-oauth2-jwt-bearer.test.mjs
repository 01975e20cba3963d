// npm express-oauth2-jwt-bearer: an Express API as its author would write it. Which algorithms it accepts it learns from discovery.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { suite, test } from 'node:test';
import express from 'express';
import { auth, requiredScopes } from 'express-oauth2-jwt-bearer';
import * as world from './world.mjs';

/** Calls an API for the audience that wants the scope; resolves to status and WWW-Authenticate. */
async function call(options, scope, token) {
  const app = express();
  app.get('/', auth({ issuerBaseURL: world.issuer, clockTolerance: 0, ...options }), requiredScopes(scope), (req, res) => res.json(req.auth.payload));
  app.use((err, req, res, next) => res.status(err.status ?? 500).set(err.headers ?? {}).json({ message: err.message }));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    const response = await fetch(`http://127.0.0.1:${server.address().port}/`, { headers });
    return { status: response.status, challenge: response.headers.get('www-authenticate'), body: await response.json() };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const tokenOf = async (client, audience) => (await world.requestToken(client, audience)).access_token;

/** In JWKS, RSA keys have alg RS256 (as in Auth0): PS256 tokens verify only for tenants that leave it out (jose.test.mjs). */
const published = world.signedAPIs.filter((api) => api.signing_alg !== 'PS256');

suite('200 with a token for the API', () => {
  for (const api of published) {
    test(`${api.token_dialect}, ${api.signing_alg}`, async () => {
      // A secret is never discovered: it is given to the API, with its issuer.
      const keys = api.signing_secret
        ? { issuerBaseURL: undefined, issuer: world.issuer, secret: api.signing_secret, tokenSigningAlg: api.signing_alg }
        : {};
      const strict = api.token_dialect.startsWith('rfc9068');
      const { status, body } = await call({ audience: api.audience, strict, ...keys }, 'read:things', await tokenOf(world.job, api.audience));
      assert.deepEqual([status, body.sub, body.scope], [200, `${world.job.clientId}@clients`, 'read:things'], JSON.stringify(body));
    });
  }
});

suite('401', () => {
  const [{ audience }] = published;
  test('without a token', async () => {
    const { status, challenge } = await call({ audience }, 'read:things');
    assert.equal(status, 401);
    assert.match(challenge, /^Bearer realm="api", DPoP/);
  });
  test('with a token of Auth0\'s own profile, for an API that is strict about RFC 9068', async () => {
    const { status, body } = await call({ audience, strict: true }, 'read:things', await tokenOf(world.job, audience));
    assert.deepEqual([status, body.message], [401, `Unexpected 'typ' value`]);
  });
  const messages = {
    wrongAudience: /Unexpected 'aud' value/,
    otherTenant: /no applicable key found in the JSON Web Key Set/,
    changedPayload: /signature verification failed/,
    changedSignature: /signature verification failed/,
  };
  const refused = async (bad, message) => {
    const { status, challenge, body } = await call({ audience: bad.for }, 'read:things', bad.token);
    assert.equal(status, 401);
    assert.match(challenge, /^Bearer realm="api", error="invalid_token"/);
    assert.match(body.message, message);
  };
  for (const [name, message] of Object.entries(messages)) {
    test(name, async () => refused((await world.badTokens(audience))[name], message));
  }
  test('expired', async () =>
    refused({ for: world.shortLived, token: await world.expiredToken() }, /"exp" claim timestamp check failed/));
});

test('403 without the scope', async () => {
  const { status, challenge } = await call({ audience: world.timesheets }, 'batch:upload', await tokenOf(world.auditor, world.timesheets));
  assert.equal(status, 403);
  assert.match(challenge, /error="insufficient_scope".*scope="batch:upload"/);
});
