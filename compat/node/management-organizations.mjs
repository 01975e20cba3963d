// What every version of auth0's ManagementClient must be able to do with organizations.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { byID, unique, walk } from './kit.mjs';

/** Declares the tests; the kit is kitOf's. */
export function organizationTests({ sdk, api, newClient, newAPI, failsWith }) {
  const newOrganization = (extra) => api.organizations.create({ name: `org-${unique()}`, ...extra });
  const noOrganization = { statusCode: 404, error: 'Not Found', message: 'No organization found by that id or name' };

  /** A client grant that may be used for organizations. */
  const newGrant = async () => {
    const [client, resourceServer] = [await newClient(), await newAPI()];
    return api.clientGrants.create({ client_id: client.client_id, audience: resourceServer.identifier, scope: ['read:a'], organization_usage: 'allow' });
  };

  suite('organizations', () => {
    test('create, get by id and by name, update, delete', async () => {
      const branding = { logo_url: 'https://acme.example.com/logo.png', colors: { primary: '#FF0000', page_background: '#FFFFFF' } };
      const created = await newOrganization({ display_name: 'Acme', metadata: { plan: 'gold', seats: '7' }, branding });
      assert.match(created.id, /^org_[A-Za-z0-9]{16}$/);
      assert.deepEqual([created.display_name, created.metadata, created.branding], ['Acme', { plan: 'gold', seats: '7' }, branding]);
      assert.deepEqual(await api.organizations.get(created.id), created);
      assert.deepEqual(await api.organizations.getByName(created.name), created);
      await failsWith(api.organizations.create({ name: created.name }), sdk.Management.ConflictError, {
        statusCode: 409, error: 'Conflict', message: 'An organization with this name already exists.',
      });

      const changed = await api.organizations.update(created.id, { display_name: 'Acme Inc.', metadata: { plan: 'platinum' } });
      assert.deepEqual(changed, { ...created, display_name: 'Acme Inc.', metadata: { plan: 'platinum' } }, 'metadata are replaced as a whole');

      await api.organizations.delete(created.id);
      await failsWith(api.organizations.get(created.id), sdk.Management.NotFoundError, noOrganization);
      await failsWith(api.organizations.getByName(created.name), sdk.Management.NotFoundError, noOrganization);
      await failsWith(api.organizations.delete(created.id), sdk.Management.NotFoundError, noOrganization);
    });

    test('a name that is none', () =>
      failsWith(api.organizations.create({ name: 'Not A Name' }), sdk.Management.BadRequestError, {
        statusCode: 400, errorCode: 'invalid_body',
        message: "Payload validation error: 'Object didn't pass validation for format organization-name: Not A Name' on property name (The name of this organization.).",
      }));

    test('null takes a quota back', async () => {
      const quota = { client_credentials: { enforce: false, per_day: 1000, per_hour: 50 } };
      const { id, token_quota } = await newOrganization({ token_quota: quota });
      assert.deepEqual(token_quota, quota);
      assert.ok(!('token_quota' in (await api.organizations.update(id, { token_quota: null }))));
    });

    test('both pagers walk to the end', async () => {
      for (let i = 0; i < 3; i++) await newOrganization();
      const all = byID((await api.organizations.list({ take: 100 })).data, 'id');
      assert.ok(all.length >= 3);
      assert.deepEqual(byID(await walk(api.organizations.list({ take: 2 })), 'id'), all);
      assert.deepEqual(byID(await walk(api.organizations.list({ sort: 'created_at:1' })), 'id'), all);
    });

    test('nobody is in it', async () => {
      const { id } = await newOrganization();
      for (const list of ['members', 'invitations', 'enabledConnections']) assert.deepEqual(await walk(api.organizations[list].list(id)), [], list);
      if (api.organizations.discoveryDomains) assert.deepEqual(await walk(api.organizations.discoveryDomains.list(id)), []);
      await failsWith(
        api.organizations.invitations.create(id, { inviter: { name: 'x' }, invitee: { email: 'x@example.com' }, client_id: 'x' }),
        sdk.Management.ForbiddenError, { statusCode: 403, errorCode: 'insufficient_scope' },
      );
    });
  });

  suite('organizations.clientGrants', () => {
    test('both ways, filters, remove', async () => {
      const [organization, grant, other] = [await newOrganization(), await newGrant(), await newGrant()];
      const added = await api.organizations.clientGrants.create(organization.id, { grant_id: grant.id });
      assert.equal(added.grant_id ?? added.id, grant.id);
      assert.deepEqual([added.client_id, added.audience, added.scope], [grant.client_id, grant.audience, ['read:a']]);
      await api.organizations.clientGrants.create(organization.id, { grant_id: other.id });
      await failsWith(api.organizations.clientGrants.create(organization.id, { grant_id: grant.id }), sdk.Management.ConflictError, {
        statusCode: 409, message: 'The client grant has already been added to this organization.',
      });
      await failsWith(api.organizations.clientGrants.create(organization.id, { grant_id: 'cgr_0000000000000000' }), sdk.Management.NotFoundError, {
        statusCode: 404, message: 'The grant does not exist.',
      });

      const list = (query) => walk(api.organizations.clientGrants.list(organization.id, query));
      assert.deepEqual(byID(await list(), 'id'), [grant.id, other.id]);
      assert.deepEqual(byID(await list({ per_page: 1 }), 'id'), [grant.id, other.id]);
      assert.deepEqual(byID(await list({ client_id: other.client_id, audience: other.audience }), 'id'), [other.id]);
      assert.deepEqual(byID(await list({ grant_ids: [grant.id] }), 'id'), [grant.id]);
      assert.deepEqual(byID(await walk(api.clientGrants.organizations.list(grant.id, { take: 1 })), 'id'), [organization.id]);

      await api.organizations.clientGrants.delete(organization.id, grant.id);
      assert.deepEqual(byID(await list(), 'id'), [other.id]);
      assert.deepEqual(await walk(api.clientGrants.organizations.list(grant.id)), []);
    });

    test('they go with the organization, and with the grant', async () => {
      const [organization, grant] = [await newOrganization(), await newGrant()];
      await api.organizations.clientGrants.create(organization.id, { grant_id: grant.id });
      await api.organizations.delete(organization.id);
      assert.deepEqual(await walk(api.clientGrants.organizations.list(grant.id)), []);

      const next = await newOrganization();
      await api.organizations.clientGrants.create(next.id, { grant_id: grant.id });
      await api.clientGrants.delete(grant.id);
      assert.deepEqual(await walk(api.organizations.clientGrants.list(next.id)), []);
    });
  });
}
