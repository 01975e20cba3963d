// What every version of auth0's ManagementClient sees of what writ does not have.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { walk } from './kit.mjs';

/** Declares the tests; the kit is kitOf's. */
export function unbuiltTests({ sdk, api, failsWith }) {
  suite('what is not there', () => {
    for (const name of ['rules', 'hooks', 'roles', 'users', 'connections', 'flows', 'forms', 'selfServiceProfiles', 'userAttributeProfiles', 'connectionProfiles', 'eventStreams']) {
      test(`${name}: an empty list, and its pager ends`, async () => assert.deepEqual(await walk(api[name].list()), []));
    }

    test('single values', async () => {
      assert.deepEqual(await api.guardian.policies.list(), []);
      assert.equal((await api.guardian.factors.list()).some((factor) => factor.enabled), false);
      assert.deepEqual(await api.branding.get(), {});
      assert.equal((await api.attackProtection.bruteForceProtection.get()).max_attempts, 10);
    });

    test('what was read may be written back', async () => {
      const read = await api.attackProtection.breachedPasswordDetection.get();
      assert.deepEqual(await api.attackProtection.breachedPasswordDetection.update(read), read);
    });

    test('error classes', async () => {
      await failsWith(api.users.get('auth0|1'), sdk.Management.NotFoundError, { errorCode: 'inexistent_user' });
      await failsWith(api.emails.provider.get(), sdk.Management.NotFoundError, { errorCode: 'inexistent_email_provider' });
      const refusal = { statusCode: 403, errorCode: 'insufficient_scope' };
      await failsWith(api.roles.create({ name: 'Approver' }), sdk.Management.ForbiddenError, refusal);
      await failsWith(api.attackProtection.bruteForceProtection.update({ max_attempts: 3 }), sdk.Management.ForbiddenError, refusal);
      await failsWith(api.guardian.factors.set('sms', { enabled: true }), sdk.Management.ForbiddenError, refusal);
    });
  });
}
