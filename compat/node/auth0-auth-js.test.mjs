// npm @auth0/auth0-auth-js: Auth0's own client for the token endpoint. It cannot ask for a scope: it gets all that is granted.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AuthClient, TokenByClientCredentialsError } from '@auth0/auth0-auth-js';
import * as world from './world.mjs';

const grant = (credentials) =>
  new AuthClient({ domain: world.domain, ...credentials }).getTokenByClientCredentials({ audience: world.timesheets });

const refused = (promise, error_description) =>
  assert.rejects(promise, (error) => {
    assert.ok(error instanceof TokenByClientCredentialsError, `${error}`);
    assert.deepEqual([error.cause.error, error.cause.error_description], ['access_denied', error_description]);
    return true;
  });

test('success', async () => {
  const now = Math.floor(Date.now() / 1000);
  const { accessToken, expiresAt, scope, tokenType } = await grant(world.job);
  assert.match(accessToken, /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
  assert.ok(expiresAt >= now + 86400 && expiresAt < now + 86400 + 60, `${expiresAt}`);
  assert.deepEqual([scope, tokenType.toLowerCase()], ['batch:upload', 'bearer']);
});
test('wrong secret', () => refused(grant({ ...world.job, clientSecret: 'wrong' }), 'Unauthorized'));
test('missing grant', () => refused(grant(world.stranger), world.noGrant));
