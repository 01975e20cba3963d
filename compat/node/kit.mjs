// What the suites for auth0's ManagementClient share, whatever its version.

import assert from 'node:assert/strict';
import * as world from './world.mjs';

/** Walks a pager to its end. */
export async function walk(page) {
  const items = [];
  for await (const item of await page) items.push(item);
  return items;
}

export const byID = (items, key) => items.map((item) => item[key]);

/** A resource server's name and identifier that no other test has. */
let serial = 0;
export const unique = () => `${process.pid}-${++serial}`;

/** sdk is the module: ManagementClient and Management, the namespace of its error classes. */
export function kitOf(sdk) {
  const connect = (credentials) => new sdk.ManagementClient({ domain: world.domain, ...credentials });
  const api = connect(world.management);
  return {
    sdk, connect, api,
    newClient: (extra) =>
      api.clients.create({ name: `Client ${unique()}`, app_type: 'non_interactive', grant_types: ['client_credentials'], ...extra }),
    newAPI: () =>
      api.resourceServers.create({
        identifier: `https://${unique()}.example.com/with a space`, name: 'An API', scopes: [{ value: 'read:a' }, { value: 'read:b' }],
      }),
    failsWith: (promise, errorClass, body) =>
      assert.rejects(promise, (error) => {
        assert.ok(error instanceof errorClass, `${error.name}, want ${errorClass.name}: ${error.message}`);
        for (const [key, value] of Object.entries(body)) assert.equal(error.body[key], value);
        return true;
      }),
  };
}
