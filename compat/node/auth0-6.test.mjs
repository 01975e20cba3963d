// npm auth0 6.4: the ManagementClient, and the AuthenticationClient that 7 dropped.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as sdk from 'auth0-6';
import { managementTests } from './management.mjs';
import * as world from './world.mjs';

/** Asserts that promise fails with the SDK's error for a refused token request. */
const refused = (promise, statusCode, description) =>
  assert.rejects(promise, (error) => {
    assert.ok(error instanceof sdk.AuthApiError, `${error}`);
    assert.deepEqual([error.statusCode, error.error, error.error_description], [statusCode, 'access_denied', description]);
    return true;
  });

suite('AuthenticationClient', () => {
  const grant = (credentials, scope) =>
    new sdk.AuthenticationClient({ domain: world.domain, ...credentials }).oauth.clientCredentialsGrant({ audience: world.timesheets, scope });

  test('success', async () => {
    const { data, status } = await grant(world.job, 'batch:upload');
    const { access_token, ...rest } = data;
    assert.equal(status, 200);
    assert.match(access_token, /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
    assert.deepEqual(rest, { scope: 'batch:upload', expires_in: 86400, token_type: 'Bearer' });
  });

  test('wrong secret', () => refused(grant({ ...world.job, clientSecret: 'wrong' }, 'batch:upload'), 401, 'Unauthorized'));
  test('missing grant', () => refused(grant(world.stranger, 'batch:upload'), 403, world.noGrant));
  test('ungranted scope', () =>
    refused(grant(world.job, 'batch:upload approve:timesheets'), 403, 'Client has not been granted scopes: approve:timesheets'));
});

suite('ManagementClient', () => {
  managementTests(sdk);

  test('a wrong secret', () =>
    refused(new sdk.ManagementClient({ domain: world.domain, ...world.management, clientSecret: 'wrong' }).clients.list(), 401, 'Unauthorized'));
});
