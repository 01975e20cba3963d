// Activity: what it says is what the log has.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { check, close, open } from '../harness.mjs';
import { freshTenant, tenantApi } from '../tenantapi.mjs';

after(close);

/** @type {string} */
let tenant;

before(async () => {
  const { page, context } = await open();
  tenant = await freshTenant(page);
  const { call, caller, token } = await tenantApi(page, tenant);
  await call('POST', 'resource-servers', { body: { name: 'Meters', identifier: 'urn:meters', scopes: [{ value: 'read:meters' }] } });
  await call('POST', 'resource-servers', { body: { name: 'Prices', identifier: 'urn:prices' } });
  const { client: reader } = await caller('Reader', 'urn:meters', ['read:meters']);
  const { client: pricer } = await caller('Pricer', 'urn:prices', []);
  for (let i = 0; i < 7; i++) {
    await token(reader, 'urn:meters');
  }
  await token(pricer, 'urn:prices');
  for (let i = 0; i < 3; i++) {
    await token(reader, 'urn:meters', 'write:"quoted"');
  }
  await token(pricer, 'urn:nothing');
  await token({ client_id: 'nobody', client_secret: 'x' }, 'urn:meters');
  await context.close();
});

it('the figures are those of the log, as tiles, as a chart and as tables', async () => {
  const opened = await open();
  const { page } = opened;
  const { call } = await tenantApi(page, tenant);
  const events = await call('GET', 'logs?take=100');
  const count = (/** @type {(e: any) => boolean} */ wanted) => String(events.filter(wanted).length);
  const issued = (/** @type {any} */ e) => e.type === 'seccft';
  const refused = (/** @type {any} */ e) => e.type === 'feccft';

  await page.goto(`/manage/t/${tenant}/activity`);
  const tiles = page.locator('dl').first();
  await tiles.waitFor();
  assert.deepEqual(await tiles.locator('dd').allTextContents(), [count(issued), count(refused), '38.5%', '2']);
  await page.locator('.recharts-bar-rectangle path').first().waitFor();

  const row = async (/** @type {string} */ table, /** @type {string} */ name) =>
    (await page.getByRole('table', { name: table }).getByRole('row', { name }).getByRole('cell').allTextContents()).slice(1);
  const of = (/** @type {string} */ name) => (/** @type {any} */ e) => e.client_name === name;
  for (const name of ['Reader', 'Pricer']) {
    assert.deepEqual(await row('By application', name), [count((e) => of(name)(e) && issued(e)), count((e) => of(name)(e) && refused(e))]);
  }
  assert.deepEqual(await row('By application', 'Nobody that is known'), ['0', '1']);
  assert.deepEqual(await row('By API', 'Meters'), ['7', '4']);
  assert.deepEqual(await row('By API', 'Prices'), ['1', '0']);
  assert.deepEqual(await row('By API', 'urn:nothing'), ['0', '1']);

  await page.getByText('Table', { exact: true }).click();
  const table = page.getByRole('table', { name: 'Token requests over time' });
  await table.waitFor();
  assert.equal(await table.getByRole('row').count(), 1 + 24);
  const cells = (/** @type {number} */ n) => table.locator(`tbody td:nth-child(${n})`).allTextContents();
  const sum = (/** @type {string[]} */ all) => String(all.reduce((a, b) => a + Number(b), 0));
  assert.deepEqual([sum(await cells(2)), sum(await cells(3))], [count(issued), count(refused)]);
  await check(opened);
});

it('a reason leads to its events', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/activity`);
  const reasons = page.getByRole('table', { name: 'Why requests were refused' });
  await reasons.getByRole('row', { name: 'write:"quoted"' }).getByRole('cell').last().getByText('3').waitFor();
  await reasons.getByRole('link', { name: 'write:"quoted"' }).click();
  await page.waitForURL('**/logs?**');
  const events = page.getByRole('table', { name: 'Events' });
  await events.waitFor();
  await page.waitForFunction(() => document.querySelectorAll('table[aria-label=Events] tbody tr').length === 3);
  assert.equal(await events.getByRole('link', { name: 'Token refused' }).count(), 3);
  await check(opened);
});

it('days are those of the reader, and the range is in the address', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/activity`);
  await page.getByText('30 days').click();
  await page.waitForURL('**range=30d**');
  await page.getByText('Table', { exact: true }).click();
  const table = page.getByRole('table', { name: 'Token requests over time' });
  await page.waitForFunction(() => document.querySelectorAll('table[aria-label="Token requests over time"] tbody tr').length === 30);
  assert.match((await table.locator('tbody time').first().getAttribute('datetime')) ?? '', /T2[23]:00:00.000Z$/); // midnight in Berlin
  const issued = await table.locator('tbody td:nth-child(2)').allTextContents();
  assert.equal(
    issued.reduce((sum, n) => sum + Number(n), 0),
    8,
  );
  await page.getByText('Hours', { exact: true }).click();
  await page.waitForURL('**by=hour**');
  await page.waitForFunction(() => document.querySelectorAll('table[aria-label="Token requests over time"] tbody tr').length > 29 * 24);
  await check(opened);
});

it('what was too much to tell apart is said below the tables, also where nothing else was refused', async () => {
  const opened = await open();
  const { page } = opened;
  const other = { issued: 1200, refused: 1 };
  await page.route('**/writ/activity?**', async (route) => {
    const answer = await route.fetch();
    const activity = await answer.json();
    await route.fulfill({ response: answer, json: { ...activity, other } });
  });
  await page.goto(`/manage/t/${tenant}/activity`);
  await page.getByText('And 1,200 tokens and 1 refusal for other APIs').waitFor();
  await page.getByText('And 1 request for other reasons').waitFor();
  await check(opened);
  await page.route('**/writ/activity?**', async (route) => {
    const answer = await route.fetch();
    const activity = await answer.json();
    await route.fulfill({ response: answer, json: { ...activity, refusals: [], other } });
  });
  await page.getByRole('button', { name: 'Count again' }).click();
  await page.getByRole('table', { name: 'Why requests were refused' }).getByText('3').waitFor({ state: 'detached' });
  await page.getByText('And 1 request for other reasons').waitFor();
});

it('a tenant without requests says so', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${await freshTenant(page)}/activity`);
  await page.getByText('No token requests in this time').waitFor();
  await check(opened);
});
