// One application: its settings reach the token endpoint, and its secret is read when somebody wants it.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { check, close, look, open, reveal } from '../harness.mjs';
import { freshTenant, tenantApi } from '../tenantapi.mjs';

after(close);

/** @type {string} */
let tenant;
/** @type {{ client_id: string, client_secret: string }} */
let client;

before(async () => {
  const { page, context } = await open();
  tenant = await freshTenant(page);
  const { call, caller } = await tenantApi(page, tenant);
  await call('POST', 'resource-servers', { body: { name: 'Meters', identifier: 'urn:meters', scopes: [{ value: 'read:meters' }] } });
  client = (await caller('Meter job', 'urn:meters', ['read:meters'])).client;
  await context.close();
});

it('metadata, logo, OAuth and grant types are saved, and without client credentials there is no token', async () => {
  const opened = await open();
  const { page } = opened;
  const { call, token } = await tenantApi(page, tenant);
  const save = async () => {
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Unsaved changes').waitFor({ state: 'detached' });
  };
  await page.goto(`/manage/t/${tenant}/applications/${client.client_id}?tab=settings`);
  await page.getByRole('heading', { name: 'Advanced' }).waitFor();
  await page.getByLabel('Logo').fill('https://example.com/logo.png');
  await page.getByRole('button', { name: 'Add a pair' }).click();
  await page.getByLabel('Name 1').fill('team');
  await page.getByLabel('Value 1').fill('billing');
  await page.getByLabel('Trust the token endpoint').setChecked(true, { force: true });
  await save();
  const saved = await call('GET', `clients/${client.client_id}`);
  assert.deepEqual(
    [saved.logo_uri, saved.client_metadata, saved.is_token_endpoint_ip_header_trusted],
    ['https://example.com/logo.png', { team: 'billing' }, true],
  );

  await page.getByRole('button', { name: 'Remove team' }).click();
  await page.getByLabel('Client credentials', { exact: true }).uncheck();
  await save();
  assert.equal((await token(client, 'urn:meters')).error, 'unauthorized_client');
  assert.equal((await call('GET', `clients/${client.client_id}`)).client_metadata?.team, undefined);
  await page.getByLabel('Client credentials', { exact: true }).check();
  await save();
  assert.ok((await token(client, 'urn:meters')).access_token);
  await check(opened);
});

it('to look at an application is no reading of its secret; to show or copy it is', async () => {
  const opened = await open();
  const { page } = opened;
  const { call } = await tenantApi(page, tenant);
  const records = async () => (await call('GET', 'logs?q=type:mgmt_api_read&per_page=100')).length;
  const before = await records();
  for (const tab of ['quickstart', 'settings', 'credentials', 'apis', 'logs']) {
    await page.goto(`/manage/t/${tenant}/applications/${client.client_id}?tab=${tab}`);
    await page.getByRole('tab', { selected: true }).first().waitFor();
    await page.locator('main [aria-busy=true]').waitFor({ state: 'detached' });
  }
  assert.equal(await records(), before);

  await page.goto(`/manage/t/${tenant}/applications/${client.client_id}?tab=credentials`);
  assert.equal(await reveal(page, 'Client secret'), client.client_secret);
  assert.equal(await records(), before + 1);
  await page.getByRole('button', { name: 'Hide: Client secret' }).click();
  await page.getByRole('button', { name: 'Copy: Client secret' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), client.client_secret);
  assert.equal(await records(), before + 2);
  await check(opened);
});

it('what is to be authorized is found among many, and its page and search are left with the tab', async () => {
  const opened = await open();
  const { page } = opened;
  const { call } = await tenantApi(page, tenant);
  for (let i = 0; i < 26; i++) {
    await call('POST', 'resource-servers', { body: { name: `Sensor ${i}`, identifier: `urn:sensor:${i}` } });
  }
  await page.goto(`/manage/t/${tenant}/applications/${client.client_id}?tab=apis`);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.waitForURL(/page=1/);
  await page.getByRole('tab', { name: 'Logs' }).click();
  await page.waitForURL(`**/applications/${client.client_id}?tab=logs`);
  await page.getByRole('tab', { name: 'APIs' }).click();
  await page.getByLabel('Search APIs').fill('URN:METERS');
  const apis = page.getByRole('list', { name: 'APIs' });
  await apis.getByRole('link', { name: 'Sensor 1', exact: true }).waitFor({ state: 'detached' });
  await apis.getByRole('link', { name: 'Meters' }).waitFor();
  assert.equal(await apis.getByRole('listitem').count(), 1);
  assert.ok(await page.getByRole('switch', { name: 'Authorize Meters' }).isChecked());

  await apis.getByRole('link', { name: 'Meters' }).click();
  await page.getByRole('tab', { name: 'Machine to Machine Applications' }).click();
  await page.getByLabel('Search applications').fill('nobody');
  await page.getByText('No applications found').waitFor();
  await page.getByLabel('Search applications').fill(client.client_id);
  await page.getByRole('switch', { name: 'Authorize Meter job' }).waitFor();
  await check(opened);
});

it('what somebody else has changed of a grant is shown before anything is sent, and kept', async () => {
  const opened = await open();
  const { page } = opened;
  const { call, caller } = await tenantApi(page, tenant);
  const scopes = ['batch:upload', 'delete:timesheets', 'read:timesheets'].map((value) => ({ value }));
  await call('POST', 'resource-servers', { body: { name: 'Timesheets', identifier: 'urn:timesheets', scopes } });
  const { client: reporter, grant } = await caller('Reporter', 'urn:timesheets', ['read:timesheets', 'delete:timesheets']);
  const present = () => call('GET', `client-grants/${grant.id}`);
  await page.goto(`/manage/t/${tenant}/applications/${reporter.client_id}?tab=apis&search=timesheets`);
  await page.getByRole('button', { name: 'Permissions of Timesheets' }).click();
  await page.getByLabel('batch:upload').check();
  await call('PATCH', `client-grants/${grant.id}`, { body: { scope: ['read:timesheets'] } });
  const update = page.getByRole('button', { name: 'Update', exact: true });
  await update.click();
  const alert = page.getByRole('listitem').getByRole('alert');
  await alert.getByText('They have removed delete:timesheets. You have added batch:upload.').waitFor();
  assert.deepEqual((await present()).scope, ['read:timesheets']);
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await look(opened, 'grant-conflict');
  }

  // What is ticked from then on counts, too: it is compared anew.
  await page.getByLabel('read:timesheets').uncheck();
  await alert.waitFor({ state: 'detached' });
  await page.getByLabel('read:timesheets').check();
  await update.click();
  await alert.getByRole('button', { name: 'Put both together' }).click();
  await alert.waitFor({ state: 'detached' });
  assert.ok(!(await page.getByLabel('delete:timesheets').isChecked()));
  await update.click();
  await page.getByText('The authorization for Timesheets is updated.').waitFor();
  assert.deepEqual((await present()).scope, ['batch:upload', 'read:timesheets']);

  // Of different properties nobody is asked, and neither is lost.
  await call('PATCH', `client-grants/${grant.id}`, { body: { allow_any_organization: true } });
  await page.getByLabel('batch:upload').uncheck();
  await update.click();
  await page.getByLabel('Access to any organization').waitFor();
  const { scope, allow_any_organization } = await present();
  assert.deepEqual([scope, allow_any_organization], [['read:timesheets'], true]);

  // A list that is wanted in place of all permissions, which somebody else has just granted.
  await page.getByLabel('delete:timesheets').check();
  await call('PATCH', `client-grants/${grant.id}`, { body: { allow_all_scopes: true } });
  await update.click();
  await alert.getByText('They have chosen all permissions. You have added delete:timesheets.').waitFor();
  assert.equal(await alert.getByRole('button', { name: 'Put both together' }).count(), 0);
  await alert.getByRole('button', { name: 'Save mine' }).click();
  await alert.waitFor({ state: 'detached' });
  await page.waitForFunction(() => !document.querySelector('[data-loading]'));
  assert.deepEqual((await present()).scope, ['delete:timesheets', 'read:timesheets']);

  // What is ticked survives the arrow, and is not left without a question.
  await page.getByLabel('batch:upload').check();
  await page.getByRole('button', { name: 'Permissions of Timesheets' }).click();
  await page.getByRole('tab', { name: 'Logs' }).click();
  await page.getByRole('button', { name: 'Stay' }).click();
  await page.getByRole('button', { name: 'Permissions of Timesheets' }).click();
  assert.ok(await page.getByLabel('batch:upload').isChecked());
  await check(opened);
});

it('what somebody else has authorized meanwhile is shown as authorized', async () => {
  const opened = await open();
  const { page } = opened;
  const { call } = await tenantApi(page, tenant);
  const body = { name: 'Late job', app_type: 'non_interactive', grant_types: ['client_credentials'] };
  const { client_id } = await call('POST', 'clients', { body });
  await page.goto(`/manage/t/${tenant}/applications/${client_id}?tab=apis&search=urn:meters`);
  const toggle = page.getByRole('switch', { name: 'Authorize Meters' });
  await toggle.waitFor();
  await call('POST', 'client-grants', { body: { client_id, audience: 'urn:meters', scope: ['read:meters'] } });
  await toggle.click({ force: true });
  await page.getByText('Somebody else has authorized this meanwhile.').waitFor();
  await toggle.and(page.locator(':checked')).waitFor();
  assert.ok(await page.getByLabel('read:meters').isChecked());

  await page.getByLabel('read:meters').uncheck();
  await page.getByLabel('Search APIs').press('s'); // another part of the list would let the change go
  await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Stay' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.ok(!(await page.getByLabel('read:meters').isChecked()));
  await check(opened);
});

it('two authorizations that are under way keep each other', async () => {
  const opened = await open();
  const { page } = opened;
  const { call } = await tenantApi(page, tenant);
  const { client_id } = await call('POST', 'clients', { body: { name: 'Both', app_type: 'non_interactive' } });
  await call('POST', 'resource-servers', { body: { name: 'Gauges', identifier: 'urn:meters:gauges' } });
  await page.goto(`/manage/t/${tenant}/applications/${client_id}?tab=apis&search=urn:meters`);
  let answer = () => {};
  const held = new Promise((go) => {
    answer = () => go(undefined);
  });
  await page.route('**/api/v2/client-grants', async (route) => {
    await held;
    await route.continue();
  });
  const toggles = ['Meters', 'Gauges'].map((name) => page.getByRole('switch', { name: `Authorize ${name}` }));
  for (const toggle of toggles) {
    await toggle.click({ force: true });
  }
  answer();
  for (const toggle of toggles) {
    await toggle.and(page.locator(':checked:enabled')).waitFor();
  }
  await check(opened);
});

it('a permission that is half typed is not left without a question', async () => {
  const opened = await open();
  const { page } = opened;
  const { call } = await tenantApi(page, tenant);
  const [{ id }] = await call('GET', 'resource-servers?identifiers=urn:meters');
  await page.goto(`/manage/t/${tenant}/apis/${id}?tab=permissions`);
  await page.getByLabel('Permission', { exact: true }).fill('write:meters');
  for (const link of [page.getByRole('tab', { name: 'Settings' }), page.getByRole('link', { name: 'Applications', exact: true })]) {
    await link.click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Stay' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: 'Remove write:meters' }).waitFor();
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('heading', { name: 'General' }).waitFor();
  await check(opened);
});
