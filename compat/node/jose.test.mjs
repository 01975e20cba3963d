// npm jose: an API that verifies tokens against the tenant's JWK set, as the API's author would write it.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ManagementClient } from 'auth0';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import * as world from './world.mjs';

/** The key set as an API's own process sees it: nothing fetched yet. */
const freshJWKS = () => createRemoteJWKSet(new URL(`https://${world.domain}/.well-known/jwks.json`));

const { clientId } = world.job;

/** What a token of each dialect says beside iss, sub, aud, iat, exp and scope, and its typ. */
const dialects = {
  access_token: { typ: 'JWT', claims: { gty: 'client-credentials', azp: clientId } },
  access_token_authz: { typ: 'JWT', claims: { gty: 'client-credentials', azp: clientId, permissions: ['read:things'] } },
  rfc9068_profile: { typ: 'at+jwt', claims: { client_id: clientId } },
  rfc9068_profile_authz: { typ: 'at+jwt', claims: { client_id: clientId, permissions: ['read:things'] } },
};

/** Asks for a token of api, verifies it as the API's author would, and checks what it says. */
async function getAndVerify(api) {
  const { access_token: token } = await world.requestToken(world.job, api.audience);
  const key = api.signing_secret ? new TextEncoder().encode(api.signing_secret) : freshJWKS();
  const { typ, claims } = dialects[api.token_dialect];
  const { payload, protectedHeader } = await jwtVerify(token, key, {
    issuer: world.issuer, audience: api.audience, typ, algorithms: [api.signing_alg],
    requiredClaims: ['iss', 'sub', 'aud', 'iat', 'exp', 'scope'],
  });
  assert.equal('kid' in protectedHeader, !api.signing_secret, 'a kid names a key of the JWK set');

  const { iss, aud, iat, exp, jti, ...rest } = payload;
  assert.deepEqual([iss, aud, exp - iat], [world.issuer, api.audience, 86400]);
  assert.equal(jti !== undefined, typ === 'at+jwt', 'only RFC 9068 tokens have an id');
  assert.deepEqual(rest, { sub: `${clientId}@clients`, scope: 'read:things', ...claims });
}

suite('tokens verify', () => {
  for (const api of world.signedAPIs.filter((api) => api.signing_alg !== 'PS256')) {
    test(`${api.token_dialect}, ${api.signing_alg}`, () => getAndVerify(api));
  }

  // As in Auth0, the tenant's RSA keys are published with alg RS256, and jose takes a JWK's alg at its word.
  test('PS256, for a tenant with the flag remove_alg_from_jwks', async () => {
    const api = world.signedAPIs.find((api) => api.signing_alg === 'PS256');
    const { tenants } = new ManagementClient({ domain: world.domain, ...world.management });
    await assert.rejects(getAndVerify(api), errors.JWKSNoMatchingKey);
    await tenants.settings.update({ flags: { remove_alg_from_jwks: true } });
    try {
      await getAndVerify(api);
    } finally {
      await tenants.settings.update({ flags: { remove_alg_from_jwks: false } });
    }
  });
});

suite('tokens do not verify', () => {
  const signed = world.signedAPIs[0];
  const verify = (audience, token, options) => jwtVerify(token, freshJWKS(), { issuer: world.issuer, audience, ...options });
  const claimError = (claim) => (error) => error instanceof errors.JWTClaimValidationFailed && error.claim === claim;
  const refusals = {
    wrongAudience: claimError('aud'),
    otherTenant: errors.JWKSNoMatchingKey,
    changedPayload: errors.JWSSignatureVerificationFailed,
    changedSignature: errors.JWSSignatureVerificationFailed,
  };
  for (const [name, refusal] of Object.entries(refusals)) {
    test(name, async () => {
      const bad = (await world.badTokens(signed.audience))[name];
      await assert.rejects(verify(bad.for, bad.token), refusal);
    });
  }

  const good = async () => (await world.requestToken(world.job, signed.audience)).access_token;
  test('expired', async () =>
    assert.rejects(verify(signed.audience, await good(), { currentDate: new Date(Date.now() + 25 * 3600_000) }), errors.JWTExpired));
  test('of another issuer', async () =>
    assert.rejects(verify(signed.audience, await good(), { issuer: world.issuer.slice(0, -1) }), claimError('iss')));
  test('with another algorithm', async () =>
    assert.rejects(verify(signed.audience, await good(), { algorithms: ['ES256'] }), errors.JOSEAlgNotAllowed));
});
