// npm simple-oauth2: client credentials, the secret in the header (as RFC 6749 encodes it, and as it is) and in the body.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ClientCredentials } from 'simple-oauth2';
import * as world from './world.mjs';

const styles = [
  { authorizationMethod: 'header', credentialsEncodingMode: 'strict' },
  { authorizationMethod: 'header', credentialsEncodingMode: 'loose' },
  { authorizationMethod: 'body', bodyFormat: 'form' },
  { authorizationMethod: 'body', bodyFormat: 'json' },
];

for (const options of styles) {
  suite(Object.values(options).join(', '), () => {
    const grant = ({ clientId: id, clientSecret: secret }, scope) =>
      new ClientCredentials({ client: { id, secret }, auth: { tokenHost: world.issuer, tokenPath: '/oauth/token' }, options })
        .getToken({ audience: world.timesheets, scope });
    const refused = (promise, status, error_description) =>
      assert.rejects(promise, (error) => {
        assert.equal(error.output?.statusCode, status, `${error}`);
        assert.deepEqual(error.data.payload, { error: 'access_denied', error_description });
        return true;
      });

    test('success', async () => {
      const accessToken = await grant(world.job, ['batch:upload']);
      const { access_token, expires_at, ...rest } = accessToken.token;
      assert.match(access_token, /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
      assert.deepEqual(rest, { scope: 'batch:upload', expires_in: 86400, token_type: 'Bearer' });
      assert.equal(accessToken.expired(), false);
      assert.equal(accessToken.expired(86401), true);
    });
    test('wrong secret', () => refused(grant({ ...world.job, clientSecret: 'wrong' }, 'batch:upload'), 401, 'Unauthorized'));
    test('missing grant', () => refused(grant(world.stranger, 'batch:upload'), 403, world.noGrant));
    test('ungranted scope', () => refused(grant(world.job, ['batch:upload', 'approve:timesheets']), 403, world.notGranted));
  });
}
