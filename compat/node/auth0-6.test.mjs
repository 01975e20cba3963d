// npm auth0 6.4: the ManagementClient, and the AuthenticationClient that 7 dropped.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as sdk from 'auth0-6';
import { kitOf, unique } from './kit.mjs';
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

suite('AuthenticationClient and token quotas', () => {
  const { api, newClient } = kitOf(sdk);
  const quota = (limits) => ({ client_credentials: { enforce: true, ...limits } });
  const grantTo = (client, extra) =>
    api.clientGrants.create({ client_id: client.client_id, audience: world.timesheets, scope: ['batch:upload'], ...extra });
  const ask = (client, extra) =>
    new sdk.AuthenticationClient({ domain: world.domain, clientId: client.client_id, clientSecret: client.client_secret })
      .oauth.clientCredentialsGrant({ audience: world.timesheets, ...extra });
  const utils = sdk.HttpResponseHeadersUtils;

  /** What is limited and left, as [quota, remaining]; each window ends in time. */
  const left = (bucket, ...names) =>
    names.map((name) => {
      assert.ok(bucket[name].resetAfter > 0 && bucket[name].resetAfter <= (name === 'perHour' ? 3600 : 86400), JSON.stringify(bucket));
      return [bucket[name].quota, bucket[name].remaining];
    });

  /** Asserts a 429, and returns its headers. */
  async function exceeded(promise, description) {
    let headers;
    await assert.rejects(promise, (error) => {
      assert.ok(error instanceof sdk.AuthApiError, `${error}`);
      assert.deepEqual([error.statusCode, error.error, error.error_description], [429, 'too_many_requests', description]);
      headers = error.headers;
      return true;
    });
    const reset = Number(headers.get('x-ratelimit-reset')) - Date.now() / 1000;
    assert.equal(headers.get('x-ratelimit-remaining'), '0');
    assert.ok(Math.abs(reset - Number(headers.get('retry-after'))) < 60, `reset in ${reset}, retry after ${headers.get('retry-after')}`);
    return headers;
  }

  test('of a client', async () => {
    const client = await newClient({ token_quota: quota({ per_day: 2, per_hour: 1000 }) });
    await grantTo(client);
    assert.deepEqual(left(utils.getClientQuotaLimit((await ask(client)).headers), 'perHour', 'perDay'), [[1000, 999], [2, 1]]);
    const { headers } = await ask(client);
    assert.deepEqual(left(utils.getClientQuotaLimit(headers), 'perHour', 'perDay'), [[1000, 998], [2, 0]]);
    assert.equal(utils.getOrganizationQuotaLimit(headers), null);
    const refusal = await exceeded(ask(client), 'Client quota exceeded');
    assert.equal(refusal.get('x-ratelimit-limit'), '2');
    assert.deepEqual(left(utils.getClientQuotaLimit(refusal), 'perHour', 'perDay'), [[1000, 998], [2, 0]], 'a refused request costs nothing');

    await api.clients.update(client.client_id, { token_quota: null });
    assert.equal(utils.getClientQuotaLimit((await ask(client)).headers), null);
  });

  test('of an organization: its quota and the client\'s are paid together, or neither', async () => {
    const client = await newClient({ token_quota: quota({ per_day: 10 }), organization_usage: 'allow' });
    const organization = await api.organizations.create({ name: `quota-${unique()}`, token_quota: quota({ per_day: 1 }) });
    const { id: grant_id } = await grantTo(client, { organization_usage: 'allow' });
    await api.organizations.clientGrants.create(organization.id, { grant_id });
    const { headers } = await ask(client, { organization: organization.id });
    assert.deepEqual([left(utils.getClientQuotaLimit(headers), 'perDay'), left(utils.getOrganizationQuotaLimit(headers), 'perDay')], [[[10, 9]], [[1, 0]]]);
    const refusal = await exceeded(ask(client, { organization: organization.id }), 'Organization quota exceeded');
    assert.deepEqual(left(utils.getClientQuotaLimit(refusal), 'perDay'), [[10, 9]]);
    assert.deepEqual(left(utils.getClientQuotaLimit((await ask(client)).headers), 'perDay'), [[10, 8]], 'without the organization it goes on');
  });

  test('of the tenant', async (t) => {
    t.after(() => api.tenants.settings.update({ default_token_quota: null }));
    const client = await newClient();
    await grantTo(client);
    await api.tenants.settings.update({ default_token_quota: { clients: quota({ per_day: 1_000_000 }) } });
    assert.deepEqual(left(utils.getClientQuotaLimit((await ask(client)).headers), 'perDay'), [[1_000_000, 999_999]]);
  });

  test('one that is not enforced only tells', async () => {
    const client = await newClient({ token_quota: quota({ per_day: 1, enforce: false }) });
    await grantTo(client);
    for (let i = 0; i < 3; i++) assert.deepEqual(left(utils.getClientQuotaLimit((await ask(client)).headers), 'perDay'), [[1, 0]]);
  });
});

suite('ManagementClient', () => {
  managementTests(sdk);

  test('a wrong secret', () =>
    refused(new sdk.ManagementClient({ domain: world.domain, ...world.management, clientSecret: 'wrong' }).clients.list(), 401, 'Unauthorized'));
});
