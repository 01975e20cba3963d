// The log: a query, types and a time narrow it, the address keeps them, and an event shows all that was recorded.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { check, close, look, open } from '../harness.mjs';
import { freshTenant, tenantApi } from '../tenantapi.mjs';

after(close);

/** @type {string} */
let tenant;

before(async () => {
  const { page, context } = await open();
  tenant = await freshTenant(page);
  const { call, caller, token } = await tenantApi(page, tenant);
  await call('POST', 'resource-servers', { body: { name: 'Meters', identifier: 'urn:meters', scopes: [{ value: 'read:meters' }] } });
  const reader = (await caller('Reader', 'urn:meters', ['read:meters'])).client;
  const other = (await caller('Other job', 'urn:meters', [])).client;
  await token(reader, 'urn:meters');
  await token(other, 'urn:meters');
  await token(other, 'urn:meters', 'read:meters');
  await context.close();
});

it('query, type and time narrow it, and a colleague who gets the address sees the same', async () => {
  const opened = await open();
  const { page } = opened;
  const rows = page.getByRole('table', { name: 'Events' }).locator('tbody tr');
  const shows = async (/** @type {number} */ n) => {
    await page.waitForFunction((n) => document.querySelectorAll('table[aria-label=Events]:not([aria-busy]) tbody tr').length === n, n);
    assert.equal(await rows.count(), n);
  };
  await page.goto(`/manage/t/${tenant}/logs`);
  await rows.first().waitFor();
  await page.getByLabel('Query', { exact: true }).fill('client_name:"Other job"');
  await shows(2);
  await page.getByLabel('Types of events').first().click();
  await page.getByRole('option', { name: 'Token refused' }).click();
  await page.keyboard.press('Escape');
  await shows(1);
  await page.getByRole('combobox', { name: 'Time' }).selectOption('1h');
  await shows(1);
  await page.reload();
  await shows(1);
  assert.match(page.url(), /q=.*type=feccft.*range=1h/);
  await page.getByRole('combobox', { name: 'Time' }).selectOption('custom');
  await page.getByLabel('To', { exact: true }).fill('2020-01-01T00:00');
  await page.getByText('No events match').waitFor();
  await page.getByLabel('From', { exact: true }).fill('2020-01-02T00:00');
  await page.getByText('To is before From').waitFor();
  assert.equal(await page.getByLabel('To', { exact: true }).getAttribute('aria-invalid'), 'true');
  await look(opened, 'logs-backwards');
  await page.getByLabel('To', { exact: true }).fill('2020-01-03T00:00');
  await page.getByText('To is before From').waitFor({ state: 'detached' });
  await check(opened);
});

it('a query that cannot be read says so at its field, and an event has its raw form', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/logs?type=feccft`);
  await page.getByLabel('Query', { exact: true }).fill('type:(');
  await page.getByText('The query cannot be read').waitFor();
  assert.equal(await page.getByLabel('Query', { exact: true }).getAttribute('aria-invalid'), 'true');
  await page.getByLabel('Query', { exact: true }).fill('');
  await page.getByRole('link', { name: 'Token refused' }).click();
  await page.getByRole('heading', { name: 'Raw' }).waitFor();
  const raw = JSON.parse((await page.locator('pre').last().textContent()) ?? '');
  assert.deepEqual([raw.type, raw.client_name, raw.audience], ['feccft', 'Other job', 'urn:meters']);
  await check(opened);
});
