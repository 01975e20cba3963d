// What every version of auth0's ManagementClient must be able to do with token quotas, and what its own tokens meet.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as world from './world.mjs';

/** Declares the tests; the kit is kitOf's. */
export function quotaTests({ sdk, api, connect, newClient, failsWith }) {
  const quota = (limits) => ({ client_credentials: { enforce: true, ...limits } });

  suite('token quotas', () => {
    test('of clients: set, change, refuse what is none', async () => {
      const { client_id, token_quota } = await newClient({ token_quota: quota({ per_hour: 5 }) });
      assert.deepEqual(token_quota, quota({ per_hour: 5 }));
      const changed = await api.clients.update(client_id, { token_quota: { client_credentials: { per_day: 9 } } });
      assert.deepEqual(changed.token_quota, { client_credentials: { per_day: 9 } }, 'a quota is replaced as a whole');
      await failsWith(api.clients.update(client_id, { token_quota: quota({ per_hour: 0 }) }), sdk.Management.BadRequestError, {
        statusCode: 400, errorCode: 'invalid_body',
        message: "Payload validation error: 'Value 0 is less than minimum 1' on property token_quota.client_credentials.per_hour (Maximum number of issued tokens per hour).",
      });
    });

    test('of the tenant', async (t) => {
      t.after(() => api.tenants.settings.update({ default_token_quota: null }));
      const defaults = { clients: quota({ per_day: 1_000_000, per_hour: 500_000 }), organizations: quota({ per_day: 2_000_000 }) };
      assert.deepEqual((await api.tenants.settings.update({ default_token_quota: defaults })).default_token_quota, defaults);
      assert.deepEqual((await api.tenants.settings.get()).default_token_quota, defaults);
      await api.tenants.settings.update({ default_token_quota: null });
      assert.ok(!('default_token_quota' in (await api.tenants.settings.get())));
    });

    test('tokens for the Management API count, too', async () => {
      const { client_id, client_secret } = await newClient({ token_quota: quota({ per_day: 1 }), token_endpoint_auth_method: 'client_secret_post' });
      await api.clientGrants.create({ client_id, audience: world.managementAudience, scope: ['read:clients'] });
      const credentials = { clientId: client_id, clientSecret: client_secret };
      assert.ok((await connect(credentials).clients.list({ per_page: 1 })).data.length > 0);
      await assert.rejects(connect(credentials).clients.list({ per_page: 1 }), (error) => {
        assert.equal(error.statusCode, 429, `${error}`);
        assert.match(JSON.stringify([error.message, error.body]), /Client quota exceeded/);
        return true;
      });
    });
  });
}
