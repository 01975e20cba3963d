// npm auth0 7.1: the ManagementClient. It has no AuthenticationClient any more.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from 'auth0';
import { managementTests } from './management.mjs';
import * as world from './world.mjs';

managementTests(sdk);

test('a wrong secret', async () => {
  const api = new sdk.ManagementClient({ domain: world.domain, ...world.management, clientSecret: 'wrong' });
  await assert.rejects(api.clients.list(), (error) => {
    assert.ok(error instanceof sdk.ManagementError, `${error}`);
    assert.equal(error.statusCode, 401);
    assert.deepEqual(error.body, { error: 'access_denied', error_description: 'Unauthorized' });
    return true;
  });
});

test('a client without a grant for the Management API', async () => {
  const api = new sdk.ManagementClient({ domain: world.domain, ...world.stranger });
  await assert.rejects(api.clients.list(), (error) => {
    assert.ok(error instanceof sdk.ManagementError, `${error}`);
    assert.equal(error.statusCode, 403);
    assert.deepEqual(error.body, {
      error: 'access_denied', error_description: world.noGrant.replace(world.timesheets, world.managementAudience),
    });
    return true;
  });
});
