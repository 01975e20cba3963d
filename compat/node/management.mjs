// What every version of auth0's ManagementClient must be able to do with writ.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { byID, kitOf, unique, walk } from './kit.mjs';
import { actionTests } from './management-actions.mjs';
import { credentialTests } from './management-credentials.mjs';
import { keyTests } from './management-keys.mjs';
import { objectTests } from './management-objects.mjs';
import { organizationTests } from './management-organizations.mjs';
import { quotaTests } from './management-quotas.mjs';
import { unbuiltTests } from './management-unbuilt.mjs';
import * as world from './world.mjs';

/**
 * Declares the tests. sdk is the module: ManagementClient and Management, the namespace of its error classes.
 */
export function managementTests(sdk) {
  const kit = kitOf(sdk);
  const { connect, api, newClient, newAPI, failsWith } = kit;

  credentialTests(kit);
  keyTests(kit);
  organizationTests(kit);
  actionTests(kit);
  objectTests(kit);
  quotaTests(kit);
  unbuiltTests(kit);

  suite('clients', () => {
    test('create, get, update, rotate the secret, delete', async () => {
      const created = await newClient({ token_endpoint_auth_method: 'client_secret_post', client_metadata: { team: 'payroll', floor: '3' } });
      assert.match(created.client_id, /^[A-Za-z0-9]{32}$/);
      assert.match(created.client_secret, /^[\w-]{64}$/);

      const changed = await api.clients.update(created.client_id, { description: 'nightly', client_metadata: { floor: null } });
      assert.equal(changed.description, 'nightly');
      assert.deepEqual(changed.client_metadata, { team: 'payroll' }, 'client_metadata merges, null removes');

      const rotated = await api.clients.rotateSecret(created.client_id);
      assert.notEqual(rotated.client_secret, created.client_secret);

      const got = await api.clients.get(created.client_id, { fields: 'name,client_secret', include_fields: true });
      assert.deepEqual(got, { name: created.name, client_secret: rotated.client_secret });

      await api.clients.delete(created.client_id);
      await failsWith(api.clients.get(created.client_id), sdk.Management.NotFoundError, {
        statusCode: 404, error: 'Not Found', message: 'The client does not exist', errorCode: 'inexistent_client',
      });
      await api.clients.delete(created.client_id); // as Auth0's, deleting twice is no error
    });

    test('the pager walks to the end', async () => {
      for (let i = 0; i < 3; i++) await newClient();
      const all = (await api.clients.list({ per_page: 100 })).data;
      assert.ok(all.length > 3);
      assert.deepEqual(byID(await walk(api.clients.list({ per_page: 2 })), 'client_id'), byID(all, 'client_id'));
      assert.deepEqual(byID(await walk(api.clients.list()), 'client_id'), byID(all, 'client_id'));
    });

    test('the checkpoint pager walks to the end', async () => {
      const all = (await api.clients.list({ take: 100 })).data;
      assert.deepEqual(byID(await walk(api.clients.list({ take: 2 })), 'client_id'), byID(all, 'client_id'));
    });

    test('filters and fields', async () => {
      const app = await newClient({ app_type: 'spa', grant_types: [], token_endpoint_auth_method: 'none' });
      const found = await walk(api.clients.list({ app_type: 'spa,native', is_first_party: true, fields: 'client_id,app_type', include_fields: true }));
      assert.ok(byID(found, 'client_id').includes(app.client_id));
      for (const client of found) assert.deepEqual(Object.keys(client).sort(), ['app_type', 'client_id']);
    });

    test('null takes a value back', async () => {
      const quota = { client_credentials: { enforce: true, per_hour: 20, per_day: 100 } };
      const created = await newClient({ token_quota: quota, description: 'gone soon' });
      assert.deepEqual(created.token_quota, quota);
      const changed = await api.clients.update(created.client_id, { token_quota: null });
      assert.ok(!('token_quota' in changed));
      assert.equal(changed.description, 'gone soon');
    });

    test('a client of nobody has no connections', async () => {
      const { client_id } = await newClient();
      if (api.clients.connections) assert.deepEqual(await walk(api.clients.connections.get(client_id)), []);
    });

    test('is_global finds the global client', async () => {
      const found = await walk(api.clients.list({ is_global: true }));
      assert.deepEqual(byID(found, 'name'), ['All Applications']);
    });

    test('an unknown property is refused', () =>
      failsWith(api.clients.create({ name: 'Typo', grant_typos: [] }), sdk.Management.BadRequestError, {
        statusCode: 400, error: 'Bad Request', errorCode: 'invalid_body',
        message: "Payload validation error: 'Additional properties not allowed: grant_typos'.",
      }));
  });

  suite('resourceServers', () => {
    test('create, get by id and by identifier, update, delete', async () => {
      const created = await newAPI();
      assert.equal(created.signing_alg, 'RS256');
      assert.equal(created.token_lifetime, 86400);
      for (const id of [created.id, created.identifier]) assert.deepEqual(await api.resourceServers.get(id), created);

      const changed = await api.resourceServers.update(created.identifier, { token_lifetime: 60 });
      assert.deepEqual(changed, { ...created, token_lifetime: 60 });

      const { identifier } = created;
      await failsWith(api.resourceServers.create({ identifier }), sdk.Management.ConflictError, {
        statusCode: 409, message: 'A resource server with the same identifier already exists',
      });
      await api.resourceServers.delete(created.id);
      await failsWith(api.resourceServers.get(created.id), sdk.Management.NotFoundError, { errorCode: 'inexistent_resource_server' });
    });

    test('the pager walks to the end, the Management API first', async () => {
      const all = (await api.resourceServers.list({ per_page: 100 })).data;
      assert.equal(all[0].name, 'Auth0 Management API');
      assert.equal(all[0].identifier, world.managementAudience);
      assert.ok(all.length > 3);
      assert.deepEqual(byID(await walk(api.resourceServers.list({ per_page: 2 })), 'id'), byID(all, 'id'));
    });
  });

  test('resourceServers: null takes a value back', async () => {
    const { id, ...created } = await newAPI();
    await api.resourceServers.update(id, { proof_of_possession: { mechanism: 'dpop', required: true } });
    const { id: _, ...reset } = await api.resourceServers.update(id, { proof_of_possession: null });
    assert.deepEqual(reset, created);
    await failsWith(api.resourceServers.update(id, { identifier: 'https://other' }), sdk.Management.BadRequestError, {
      message: "Payload validation error: 'Additional properties not allowed: identifier'.",
    });
  });

  suite('clientGrants', () => {
    test('create, find, get, update, delete', async () => {
      const [client, resourceServer] = [await newClient(), await newAPI()];
      const grant = { client_id: client.client_id, audience: resourceServer.identifier };
      const created = await api.clientGrants.create({ ...grant, scope: ['read:a'] });
      assert.match(created.id, /^cgr_[A-Za-z0-9]{16}$/);
      await failsWith(api.clientGrants.create({ ...grant, scope: [] }), sdk.Management.ConflictError, { statusCode: 409 });

      assert.deepEqual(await walk(api.clientGrants.list(grant)), [created]);
      assert.deepEqual(await api.clientGrants.get(created.id), created);
      const changed = await api.clientGrants.update(created.id, { scope: ['read:a', 'read:b'] });
      assert.deepEqual(changed.scope, ['read:a', 'read:b']);

      await api.clientGrants.delete(created.id);
      assert.deepEqual(await walk(api.clientGrants.list(grant)), []);
    });

    test('all scopes at once, and the organizations of a grant', async () => {
      const [client, resourceServer] = [await newClient(), await newAPI()];
      const created = await api.clientGrants.create({ client_id: client.client_id, audience: resourceServer.identifier, allow_all_scopes: true });
      assert.equal(created.allow_all_scopes, true);
      assert.ok(!('scope' in created));
      assert.deepEqual(await walk(api.clientGrants.organizations.list(created.id)), []);
      await failsWith(api.clientGrants.get('cgr_0000000000000000'), sdk.Management.NotFoundError, { statusCode: 404 });
    });

    test('the checkpoint pager walks to the end', async () => {
      const all = (await api.clientGrants.list({ take: 100 })).data;
      assert.ok(all.length > 3);
      assert.deepEqual(byID(await walk(api.clientGrants.list({ take: 2 })), 'id'), byID(all, 'id'));
    });
  });

  test('tenants.settings: get and update', async () => {
    const before = await api.tenants.settings.get();
    const friendly_name = `Compat ${unique()}`;
    const changed = await api.tenants.settings.update({ friendly_name });
    assert.equal(changed.friendly_name, friendly_name);
    assert.deepEqual(await api.tenants.settings.get(), { ...before, friendly_name });
  });

  test('tenants.settings: flags merge, null resets, what is unknown is refused', async () => {
    const before = await api.tenants.settings.get();
    const changed = await api.tenants.settings.update({ flags: { enable_apis_section: true }, error_page: { html: '<p>no</p>', show_log_link: false } });
    assert.deepEqual(changed.error_page, { html: '<p>no</p>', show_log_link: false });
    for (const [flag, value] of Object.entries(before.flags)) if (flag !== 'enable_apis_section') assert.equal(changed.flags[flag], value, flag);
    await api.tenants.settings.update({ error_page: null, flags: { enable_apis_section: before.flags.enable_apis_section ?? false } });
    assert.ok(!('error_page' in (await api.tenants.settings.get({ fields: 'error_page,friendly_name', include_fields: true }))));
    await failsWith(api.tenants.settings.update({ nonsense: 1 }), sdk.Management.BadRequestError, { errorCode: 'invalid_body' });
  });

  test('stats: nobody logs in', async () => {
    assert.equal(await api.stats.getActiveUsersCount(), 0);
    assert.deepEqual(await api.stats.getDaily({ from: '20260101', to: '20260131' }), []);
    await failsWith(api.stats.getDaily({ from: '20260131', to: '20260101' }), sdk.Management.BadRequestError, { statusCode: 400 });
  });

  test('logs: search, checkpoint, fields', async () => {
    const { client_id } = await newClient();
    const found = (await api.logs.list({ search: 'type:sapi AND description:"Create a client"', sort: 'date:-1', per_page: 5 })).data;
    assert.ok(found.length > 0 && found.every((record) => record.type === 'sapi'));
    assert.ok(JSON.stringify(found[0]).includes(client_id));
    const last = found.at(-1).log_id; // the SDK has no parameter for a checkpoint
    const newer = await api.logs.list({}, { queryParams: { from: last, take: 2 } });
    assert.ok(newer.response.length > 0 && newer.response.every((record) => record.log_id > last));
    const [slim] = (await api.logs.list({ fields: 'type,date', include_fields: true, per_page: 1 })).data;
    assert.deepEqual(Object.keys(slim).sort(), ['date', 'type']);
  });

  test('logs: the pager walks to the end, and each record can be read', async () => {
    const created = await newClient();
    const records = await walk(api.logs.list({ per_page: 20, sort: 'date:1' }));
    assert.ok(records.length > 20, `${records.length} records are one page`);
    assert.equal(new Set(byID(records, 'log_id')).size, records.length, 'no record comes twice');
    const write = records.at(-1);
    assert.equal(write.type, 'sapi');
    assert.match(write.log_id, /^900\d{53}$/);
    assert.ok(JSON.stringify(write).includes(created.client_id), 'the newest record tells of the newest client');
    assert.ok(!JSON.stringify(records).includes(created.client_secret), 'no record tells a secret');
    assert.deepEqual(await api.logs.get(write.log_id), write);
    await failsWith(api.logs.get('9'.repeat(56)), sdk.Management.NotFoundError, { statusCode: 404 });
  });

  test('keys: list, get, rotate, revoke', async () => {
    const other = connect(world.management);
    const before = await other.keys.signing.list(); // from here on `other` holds a token signed with the current key
    const current = before.find((key) => key.current);
    const next = before.find((key) => key.next);
    assert.equal((await api.keys.signing.get(current.kid)).cert, current.cert);

    await api.keys.signing.rotate();
    const after = await api.keys.signing.list();
    assert.equal(after.find((key) => key.current).kid, next.kid);
    assert.ok(await other.keys.signing.list(), 'the previous key verifies until it is revoked');

    await api.keys.signing.revoke(current.kid);
    await failsWith(other.keys.signing.list(), sdk.Management.UnauthorizedError, { statusCode: 401, error: 'Unauthorized' });
    assert.ok(await connect(world.management).keys.signing.list(), 'new tokens are signed with the new key');
  });

  suite('refusals', () => {
    test('a token without the scope', () =>
      failsWith(connect(world.reader).tenants.settings.get(), sdk.Management.ForbiddenError, {
        statusCode: 403, error: 'Forbidden', errorCode: 'insufficient_scope',
        message: 'Insufficient scope, expected any of: read:tenant_settings',
      }));

    test('a token for another API', async () => {
      const { access_token: token } = await world.requestToken(world.job, world.timesheets);
      await failsWith(new sdk.ManagementClient({ domain: world.domain, token }).clients.list(), sdk.Management.UnauthorizedError, {
        statusCode: 401, error: 'Unauthorized', message: `Bad audience: ${world.managementAudience}`,
      });
    });
  });
}
