// What every version of auth0's ManagementClient sees of a tenant's keys beside those that sign.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { walk } from './kit.mjs';

/** Declares the tests; the kit is kitOf's. */
export function keyTests({ sdk, api, failsWith }) {
  suite('keys.encryption', () => {
    test('list to the end, get, rekey', async () => {
      const before = await walk(api.keys.encryption.list({ per_page: 1 }));
      assert.ok(before.length >= 2);
      assert.deepEqual(await api.keys.encryption.get(before[0].kid), before[0]);
      await api.keys.encryption.rekey();
      const after = await walk(api.keys.encryption.list());
      const active = (keys) => keys.find((key) => key.type === 'tenant-master-key' && key.state === 'active').kid;
      assert.notEqual(active(after), active(before));
      await failsWith(api.keys.encryption.get('never-was'), sdk.Management.NotFoundError, { statusCode: 404 });
    });

    test('key material of customers is refused plainly', async () => {
      const own = await api.keys.encryption.create({ type: 'customer-provided-root-key' });
      assert.equal(own.state, 'pre-activation');
      await failsWith(api.keys.encryption.createPublicWrappingKey(own.kid), sdk.Management.BadRequestError, { statusCode: 400 });
      await failsWith(api.keys.encryption.import(own.kid, { wrapped_key: 'bad-key-value' }), sdk.Management.BadRequestError, {
        message: 'Invalid input. Wrapped key material is invalid or unsupported key type.',
      });
      await api.keys.encryption.delete(own.kid);
    });
  });

  test('keys.customSigning: there are none, and none can be set', async () => {
    await failsWith(api.keys.customSigning.get(), sdk.Management.NotFoundError, {
      message: 'No custom signing keys found for this tenant. Upload custom signing keys first.',
    });
    const key = { kty: 'EC', kid: 'mine', use: 'sig', alg: 'ES256', crv: 'P-256', x: 'x', y: 'y' };
    await failsWith(api.keys.customSigning.set({ keys: [key] }), sdk.Management.BadRequestError, { statusCode: 400 });
    await api.keys.customSigning.delete();
  });
}
