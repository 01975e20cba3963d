// Actions: to be read, deployed, unbound and deleted here; written by the Management API.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { check, close, open } from '../harness.mjs';
import { freshTenant, tenantApi } from '../tenantapi.mjs';

after(close);

/** @type {string} */
let tenant;
/** @type {Awaited<ReturnType<typeof tenantApi>>} */
let api;
/** @type {{ id: string }} */
let claims;

const trigger = [{ id: 'credentials-exchange' }];

before(async () => {
  const { page } = await open({ shared: true });
  tenant = await freshTenant(page);
  api = await tenantApi(page, tenant);
});

it('a tenant without Actions is told how they come', async () => {
  const opened = await open();
  await opened.page.goto(`/manage/t/${tenant}/actions`);
  await opened.page.getByText('No Actions yet').waitFor();
  await opened.page.getByText('None is bound.').waitFor();
  await check(opened);
});

it('a draft is read with its code and deployed, and an older version is deployed again', async () => {
  const code = 'exports.onExecuteCredentialsExchange = async () => { /* </pre><script>alert(1)</script> */ };';
  claims = await api.call('POST', 'actions/actions', { body: { name: 'Add claims', supported_triggers: trigger, code } });
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/actions`);
  await page.getByRole('row', { name: /Add claims.*Not yet.*Built/ }).waitFor();
  await page.getByRole('link', { name: 'Add claims' }).click();
  await page.getByText('alert(1)').waitFor();
  await page.getByText('Machine to Machine (v2)').waitFor();
  await page.getByRole('button', { name: 'Deploy' }).click();
  await page.getByText('Add claims is deployed.').waitFor();
  await page.getByRole('row', { name: /1 Deployed/ }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Deploy', exact: true }).count(), 0);

  await api.call('PATCH', `actions/actions/${claims.id}`, { body: { code: 'exports.two = 2;' } });
  await api.call('POST', `actions/actions/${claims.id}/deploy`);
  await page.reload();
  await page.getByRole('button', { name: 'Deploy again: version 1' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Deploy' }).click();
  await page.getByRole('row', { name: /3 Deployed/ }).waitFor();
  await page.getByText('Not deployed as it is now.').waitFor();
  await check(opened);
});

it('a draft that cannot be built says why, and cannot be deployed', async () => {
  const { id } = await api.call('POST', 'actions/actions', {
    body: { name: 'Broken', supported_triggers: trigger, code: 'exports.a = "' },
  });
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/actions/${id}`);
  await page.getByText('It could not be built').waitFor();
  await page.getByText('Unterminated string literal').waitFor();
  assert(await page.getByRole('button', { name: 'Deploy' }).isDisabled());
  await check(opened);
});

it('an Action that is bound stops the tenant’s tokens: the page says so, and unbinds it', async () => {
  const { client } = await (async () => {
    await api.call('POST', 'resource-servers', { body: { name: 'Sheets', identifier: 'urn:sheets' } });
    return api.caller('Importer', 'urn:sheets', []);
  })();
  await api.call('PATCH', 'actions/triggers/credentials-exchange/bindings', {
    body: { bindings: [{ ref: { type: 'action_id', value: claims.id }, display_name: 'Claims' }] },
  });
  assert.equal((await api.token(client, 'urn:sheets')).error, 'server_error');
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/actions/${claims.id}`);
  await page.getByText('The tenant gets no tokens').waitFor();
  await check(opened);
  await page.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Type Add claims to confirm').fill('Add claims');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByText('Unable to delete an action bound to a trigger.').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await page.getByRole('button', { name: 'Unbind' }).click();
  await dialog.getByRole('button', { name: 'Unbind' }).click();
  await page.getByText('None is bound.').waitFor();
  assert.match((await api.token(client, 'urn:sheets')).access_token, /^ey/);
  await page.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByLabel('Type Add claims to confirm').fill('Add claims');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('link', { name: 'Broken' }).waitFor();
  await check(opened);
});

for (const role of /** @type {const} */ (['viewer', 'keys'])) {
  it(`the role ${role} reads Actions and changes none`, async () => {
    const opened = await open({ role });
    const { page } = opened;
    await page.goto('/manage/t/dev/actions');
    await page.getByRole('link', { name: 'Add team to tokens' }).click();
    await page.getByText('setCustomClaim').first().waitFor();
    assert.equal(await page.getByRole('button', { name: /Deploy|Delete|Unbind/ }).count(), 0);
    await check(opened);
  });
}
