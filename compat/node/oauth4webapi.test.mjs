// npm oauth4webapi: client credentials, and an API that verifies RFC 9068 tokens by the letter (typ at+jwt, client_id, jti).

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import * as world from './world.mjs';

const issuer = new URL(world.issuer);
const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oauth2' }));

for (const authenticate of [oauth.ClientSecretBasic, oauth.ClientSecretPost]) {
  suite(`client credentials, ${authenticate.name}`, () => {
    const grant = async ({ clientId: client_id, clientSecret }, scope) => {
      const parameters = { audience: world.timesheets, scope };
      const response = await oauth.clientCredentialsGrantRequest(as, { client_id }, authenticate(clientSecret), parameters);
      return oauth.processClientCredentialsResponse(as, { client_id }, response);
    };
    const refused = (promise, status, error_description) =>
      assert.rejects(promise, (error) => {
        assert.ok(error instanceof oauth.ResponseBodyError, `${error}`);
        assert.deepEqual([error.status, error.error, error.error_description], [status, 'access_denied', error_description]);
        return true;
      });

    test('success', async () => {
      const { access_token, ...rest } = await grant(world.job, 'batch:upload');
      assert.match(access_token, /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
      assert.deepEqual(rest, { scope: 'batch:upload', expires_in: 86400, token_type: 'bearer' });
    });
    test('wrong secret', () => refused(grant({ ...world.job, clientSecret: 'wrong' }, 'batch:upload'), 401, 'Unauthorized'));
    test('missing grant', () => refused(grant(world.stranger, 'batch:upload'), 403, world.noGrant));
    test('ungranted scope', () => refused(grant(world.job, 'batch:upload approve:timesheets'), 403, world.notGranted));
  });
}

suite('validateJwtAccessToken', () => {
  const withDialect = (dialect) => world.signedAPIs.find((api) => api.token_dialect === dialect);
  const api = withDialect('rfc9068_profile');
  const validate = (token, audience, options) => {
    const request = new Request('https://things.example.com/', { headers: { authorization: `Bearer ${token}` } });
    return oauth.validateJwtAccessToken(as, request, audience, options);
  };
  const refused = (promise, message) => assert.rejects(promise, (error) => {
    assert.ok(error instanceof oauth.OperationProcessingError, `${error}`);
    assert.match(error.message, message);
    return true;
  });

  for (const { token_dialect: dialect, audience } of [api, withDialect('rfc9068_profile_authz')]) {
    test(`${dialect} tokens`, async () => {
      const { access_token: token } = await world.requestToken(world.job, audience);
      const { sub, client_id, scope } = await validate(token, audience);
      assert.deepEqual([sub, client_id, scope], [`${world.job.clientId}@clients`, world.job.clientId, 'read:things']);
    });
  }
  test('a token of Auth0\'s own profile is none', async () => {
    const { audience } = withDialect('access_token');
    const { access_token: token } = await world.requestToken(world.job, audience);
    await refused(validate(token, audience), /"typ"/);
  });
  const errors = {
    wrongAudience: /unexpected JWT "aud"/,
    otherTenant: /unexpected JWT "iss"/,
    changedPayload: /signature verification failed/,
    changedSignature: /signature verification failed/,
  };
  for (const [name, message] of Object.entries(errors)) {
    test(name, async () => {
      const bad = (await world.badTokens(api.audience))[name];
      await refused(validate(bad.token, bad.for), message);
    });
  }
  test('expired', async () => {
    const { access_token: token } = await world.requestToken(world.job, api.audience);
    await refused(validate(token, api.audience, { [oauth.clockSkew]: 25 * 3600 }), /"exp"/);
  });
});
