// npm openid-client: discovery and client credentials, with both ways to send a secret.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as oidc from 'openid-client';
import * as world from './world.mjs';

const methods = { client_secret_basic: oidc.ClientSecretBasic, client_secret_post: oidc.ClientSecretPost };

for (const algorithm of ['oidc', 'oauth2']) {
  for (const [name, authenticate] of Object.entries(methods)) {
    suite(`${algorithm} discovery, ${name}`, () => {
      const grant = async ({ clientId, clientSecret }, scope) => {
        const config = await oidc.discovery(new URL(world.issuer), clientId, undefined, authenticate(clientSecret), { algorithm });
        return oidc.clientCredentialsGrant(config, { audience: world.timesheets, scope });
      };
      const refused = (promise, status, error_description) =>
        assert.rejects(promise, (error) => {
          assert.ok(error instanceof oidc.ResponseBodyError, `${error}`);
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
}

test('discovery of another issuer than the one asked for is refused', () =>
  assert.rejects(oidc.discovery(new URL('/elsewhere/', world.issuer), world.job.clientId, world.job.clientSecret)));
