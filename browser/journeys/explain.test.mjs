// Why was this refused? From the record of a refusal, and from the Test tab, to the mend and a request that passes.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { check, close, open, shot } from '../harness.mjs';
import { freshTenant, tenantApi } from '../tenantapi.mjs';

after(close);

/** @typedef {import('playwright-core').Page} Page */

/** @type {string} */
let tenant;
/** @type {{ client_id: string, client_secret: string }} */
let job;

before(async () => {
  const { page, context } = await open();
  tenant = await freshTenant(page);
  const { call, caller } = await tenantApi(page, tenant);
  const scopes = [{ value: 'read:meters' }, { value: 'write:meters' }];
  await call('POST', 'resource-servers', { body: { name: 'Meters', identifier: 'urn:meters', scopes } });
  await call('POST', 'resource-servers', { body: { name: 'Prices', identifier: 'https://prices.example.com' } });
  const made = await caller('Meter & Job', 'urn:meters', ['read:meters']);
  job = made.client;
  await context.close();
});

/**
 * Opens the newest refusal.
 * @param {Page} page
 */
async function newestRefusal(page) {
  await page.goto(`/manage/t/${tenant}/logs?type=feccft`);
  await page.getByRole('link', { name: 'Token refused' }).first().click();
  await page.getByRole('heading', { name: 'Why was this refused?' }).waitFor();
  await page.getByRole('list', { name: 'Decisions' }).waitFor();
}

/**
 * Holds that all decisions before the failed one passed, and that none after it was reached.
 * @param {Page} page
 * @param {string} failed - The failed one as people call it; empty = all passed.
 */
async function fails(page, failed) {
  const items = page.getByRole('list', { name: 'Decisions' }).getByRole('listitem');
  const told = await items.evaluateAll((all) => all.map((e) => ({ outcome: e.getAttribute('data-outcome'), text: e.textContent ?? '' })));
  assert.ok(told.length >= 11, 'decisions are missing');
  const at = failed ? told.findIndex((d) => d.text.startsWith(failed)) : told.length;
  assert.notEqual(at, -1, `no decision ${failed}`);
  told.forEach((d, i) => {
    assert.equal(d.outcome, i < at ? 'passed' : i === at ? 'failed' : 'not_reached', d.text);
  });
}

/**
 * Presses the button that mends, and agrees.
 * @param {Page} page
 * @param {string} label
 */
async function mend(page, label) {
  await page.getByRole('button', { name: label }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('What is sent to the Management API').waitFor();
  return dialog;
}

it('a record of a missing permission is explained and mended, and then the request passes', async () => {
  const opened = await open();
  const { page } = opened;
  const { token } = await tenantApi(page, tenant);
  assert.equal((await token(job, 'urn:meters', 'write:meters')).error, 'access_denied');

  await newestRefusal(page);
  await page.getByText('Would be refused now').waitFor();
  await page.getByText('Client has not been granted scopes: write:meters').first().waitFor();
  await fails(page, 'Permissions');
  await shot(page, 'explain-scope');
  await check(opened);

  const dialog = await mend(page, 'Grant write:meters of "Meters" to "Meter & Job"');
  await dialog.getByText('PATCH /api/v2/client-grants/').waitFor();
  await check(opened);
  await shot(page, 'explain-mend');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  assert.equal((await token(job, 'urn:meters', 'write:meters')).error, 'access_denied');

  await (await mend(page, 'Grant write:meters of')).getByRole('button', { name: 'Do it' }).click();
  await page.getByText('Would be issued now').waitFor();
  await page.waitForFunction(() => document.activeElement?.textContent?.startsWith('Mended')); // the button is gone, the focus is not lost
  await fails(page, '');
  assert.equal((await token(job, 'urn:meters')).scope, 'read:meters write:meters');
  await shot(page, 'explain-mended');
  await check(opened);
});

it('an application without a grant is authorized for what it asked for', async () => {
  const opened = await open({ theme: 'dark' });
  const { page } = opened;
  const { token } = await tenantApi(page, tenant);
  await token(job, 'https://prices.example.com');
  await newestRefusal(page);
  await fails(page, 'Authorization');
  await shot(page, 'explain-grant');
  await (await mend(page, 'Authorize "Meter & Job" for "Prices"')).getByRole('button', { name: 'Do it' }).click();
  await page.getByText('Would be issued now').waitFor();
  assert.ok((await token(job, 'https://prices.example.com')).access_token);
  await check(opened);
});

it('a wrong secret can only be replaced, and that asks first', async () => {
  const opened = await open();
  const { page } = opened;
  const { token } = await tenantApi(page, tenant);
  await token({ ...job, client_secret: 'wrong' }, 'urn:meters');
  await newestRefusal(page);
  await fails(page, 'Authentication');
  const dialog = await mend(page, 'Rotate the secret of');
  await dialog.getByText('stops working at once').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  assert.ok((await token(job, 'urn:meters')).access_token);
  await check(opened);
});

it('a slash too many is told, and nothing is offered that would not help', async () => {
  const opened = await open({ width: 390 });
  const { page } = opened;
  const { token } = await tenantApi(page, tenant);
  await token(job, 'https://prices.example.com/');
  await newestRefusal(page);
  await page.getByText('There is the API "https://prices.example.com"').waitFor();
  assert.equal(await page.getByRole('list', { name: 'Decisions' }).getByRole('button').count(), 0);
  await shot(page, 'explain-audience');
  await check(opened);
});

it('the Test tab explains its own refusal, and the mended one gets its token', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/apis`);
  await page.getByRole('link', { name: 'Meters', exact: true }).click();
  await page.getByRole('tab', { name: 'Test' }).click();
  await page.getByLabel('Permissions to ask for').fill('bill:meters');
  await page.getByRole('button', { name: 'Ask for a token' }).click();
  await page.getByText('Would be refused now').waitFor();
  await page.getByRole('alert').getByText('403: Client has not been granted scopes: bill:meters').waitFor();
  await page.getByText('The secret is right.').waitFor();
  await shot(page, 'explain-test');
  await check(opened);
  await (await mend(page, 'Add bill:meters to "Meters", and grant it to')).getByRole('button', { name: 'Do it' }).click();
  await page.getByText('Would be issued now').waitFor();
  await page.getByRole('button', { name: 'Ask for a token' }).click();
  await page
    .getByRole('row', { name: /^scope/ })
    .getByText('bill:meters')
    .waitFor();
  await check(opened);
});

it('who may not ask for explanations is shown the record alone', async () => {
  const opened = await open({ role: 'viewer' });
  const { page } = opened;
  await page.goto('/manage/t/dev/logs?type=feccft');
  await page.getByRole('link', { name: 'Token refused' }).first().click();
  await page.getByRole('heading', { name: 'Raw' }).waitFor();
  assert.equal(await page.getByText('Why was this refused?').count(), 0);
  await check(opened);
});
