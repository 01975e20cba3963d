// One application: its settings reach the token endpoint, and its secret is read when somebody wants it.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { check, close, open, reveal } from '../harness.mjs';
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
