// What every version of auth0's ManagementClient must be able to do with writ.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as world from './world.mjs';

/** Walks a pager to its end. */
async function walk(page) {
  const items = [];
  for await (const item of await page) items.push(item);
  return items;
}

const byID = (items, key) => items.map((item) => item[key]);

/** A resource server's name and identifier that no other test has. */
let serial = 0;
const unique = () => `${process.pid}-${++serial}`;

/**
 * Declares the tests. sdk is the module: ManagementClient and Management, the namespace of its error classes.
 */
export function managementTests(sdk) {
  const connect = (credentials) => new sdk.ManagementClient({ domain: world.domain, ...credentials });
  const api = connect(world.management);
  const newClient = (extra) =>
    api.clients.create({ name: `Client ${unique()}`, app_type: 'non_interactive', grant_types: ['client_credentials'], ...extra });
  const newAPI = () =>
    api.resourceServers.create({
      identifier: `https://${unique()}.example.com/with a space`, name: 'An API', scopes: [{ value: 'read:a' }, { value: 'read:b' }],
    });
  const failsWith = (promise, errorClass, body) =>
    assert.rejects(promise, (error) => {
      assert.ok(error instanceof errorClass, `${error.name}, want ${errorClass.name}: ${error.message}`);
      for (const [key, value] of Object.entries(body)) assert.equal(error.body[key], value);
      return true;
    });

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
