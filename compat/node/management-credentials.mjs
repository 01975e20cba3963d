// What every version of auth0's ManagementClient must be able to do with the keys of clients.

import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { suite, test } from 'node:test';
import { calculateJwkThumbprint, exportJWK } from 'jose';

/** Declares the tests; the kit is kitOf's. */
export function credentialTests({ sdk, api, newClient, failsWith }) {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  const method = (...ids) => ({ private_key_jwt: { credentials: ids.map((id) => ({ id })) } });

  suite('clients.credentials', () => {
    test('create, list, get, update, delete', async () => {
      const { client_id } = await newClient({ token_endpoint_auth_method: 'client_secret_post' });
      assert.deepEqual(await api.clients.credentials.list(client_id), []);
      const created = await api.clients.credentials.create(client_id, { credential_type: 'public_key', name: 'release', pem, alg: 'RS256' });
      assert.match(created.id, /^cred_[A-Za-z0-9]{22}$/);
      assert.equal(created.kid, await calculateJwkThumbprint(await exportJWK(publicKey)), 'RFC 7638');
      assert.ok(!('pem' in created));
      assert.deepEqual(await api.clients.credentials.list(client_id), [created]);
      assert.deepEqual(await api.clients.credentials.get(client_id, created.id), created);

      const renewed = await api.clients.credentials.update(client_id, created.id, { expires_at: '2050-01-01T00:00:00.000Z' });
      assert.equal(new Date(renewed.expires_at).toISOString(), '2050-01-01T00:00:00.000Z');

      await api.clients.credentials.delete(client_id, created.id);
      await failsWith(api.clients.credentials.get(client_id, created.id), sdk.Management.NotFoundError, { statusCode: 404 });
      await failsWith(api.clients.credentials.list('nobody'), sdk.Management.NotFoundError, { errorCode: 'inexistent_client' });
    });

    test('a client goes over to a key, uses it, and comes back', async () => {
      const { client_id } = await newClient({ token_endpoint_auth_method: 'client_secret_post' });
      const { id } = await api.clients.credentials.create(client_id, { credential_type: 'public_key', name: 'release', pem });
      const keyed = await api.clients.update(client_id, { client_authentication_methods: method(id), token_endpoint_auth_method: null });
      assert.deepEqual(keyed.client_authentication_methods, method(id));
      assert.ok(!('token_endpoint_auth_method' in keyed));
      await assert.rejects(api.clients.credentials.delete(client_id, id), (error) => error.statusCode >= 400 && error.statusCode < 500);

      const back = await api.clients.update(client_id, { client_authentication_methods: null, token_endpoint_auth_method: 'client_secret_post' });
      assert.equal(back.token_endpoint_auth_method, 'client_secret_post');
      assert.match(back.client_secret, /^[\w-]{64}$/);
      await api.clients.credentials.delete(client_id, id);
    });

    test('a client that is made with its key', async () => {
      const { client_id, client_authentication_methods: methods } = await newClient({
        client_authentication_methods: { private_key_jwt: { credentials: [{ credential_type: 'public_key', name: 'release', pem }] } },
      });
      const [credential] = await api.clients.credentials.list(client_id);
      assert.deepEqual(methods, method(credential.id));
      assert.equal(credential.kid, await calculateJwkThumbprint(await exportJWK(publicKey)));
    });
  });
}
