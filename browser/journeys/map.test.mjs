// The map: what may call what, as a drawing, a list and a text.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { check, close, look, open } from '../harness.mjs';
import { freshTenant, tenantApi } from '../tenantapi.mjs';

after(close);

/** @type {string} */
let tenant;
/** @type {{ id: string, identifier: string }} */
let invoices;

before(async () => {
  const { page, context } = await open();
  tenant = await freshTenant(page);
  const { call, caller } = await tenantApi(page, tenant);
  invoices = await call('POST', 'resource-servers', {
    body: { name: 'Invoices', identifier: 'urn:invoices', scopes: [{ value: 'read:invoices' }, { value: 'send:invoices' }] },
  });
  await call('POST', 'resource-servers', { body: { name: 'A "quoted" [API]', identifier: 'urn:odd', scopes: [{ value: 'do:it' }] } });
  await call('POST', 'resource-servers', { body: { name: 'Unused', identifier: 'urn:unused' } });
  const { client } = await caller('Billing', 'urn:invoices', ['read:invoices']);
  await call('POST', 'client-grants', { body: { client_id: client.client_id, audience: 'urn:odd', scope: ['do:it'] } });
  await caller('Reports | {end}', 'urn:invoices', []);
  await call('POST', 'clients', { body: { name: 'Idle', app_type: 'non_interactive' } });
  await context.close();
});

it('the drawing has every application, API and grant, and each box leads on', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/map`);
  const map = page.locator('main svg:has(path[d^="M"])').filter({ hasText: 'Billing' });
  await map.waitFor();
  await page.getByText('4 applications, 4 APIs, 4 grants').waitFor();
  assert.equal(await map.locator('a').count(), 8);
  assert.equal(await map.locator('g > path').count(), 4);
  for (const label of ['read:invoices', 'do:it', 'no permissions']) {
    await map.getByText(label, { exact: true }).waitFor();
  }
  await map.locator('a').filter({ hasText: 'Invoices' }).focus();
  await map.locator('g[data-look="lit"]').filter({ hasText: 'Billing' }).waitFor();
  assert.equal(await map.locator('g[data-look="dim"]').filter({ hasText: 'Idle' }).count(), 1);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/apis/${invoices.id}?tab=applications`);
  await check(opened);
});

it('a name stays in its box, whatever it is written in', async () => {
  const opened = await open();
  const { page } = opened;
  const other = await freshTenant(page);
  const { call } = await tenantApi(page, other);
  for (const name of ['漢字', 'WWWW', '😀😀']) {
    await call('POST', 'clients', { body: { name: name.repeat(30), app_type: 'non_interactive' } });
    await call('POST', 'resource-servers', { body: { name: name.repeat(30), identifier: `urn:${name.repeat(30)}` } });
  }
  await page.goto(`/manage/t/${other}/map`);
  const boxes = page.locator('main svg a:has(rect)');
  await boxes.filter({ hasText: '…' }).nth(5).waitFor();
  const over = await boxes.evaluateAll((all) =>
    all.flatMap((a) => {
      const right = Math.max(...[...a.querySelectorAll('rect')].map((r) => r.getBoundingClientRect().right));
      return [...a.querySelectorAll('text')].filter((t) => t.getBoundingClientRect().right > right).map((t) => t.textContent);
    }),
  );
  assert.deepEqual(over, []);
  await check(opened);
});

it('the filter leaves what has to do with a name, and is in the address', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/map`);
  await page.getByLabel('Filter the map').fill('quoted');
  const boxes = page.locator('main svg a');
  await page.waitForFunction(() => document.querySelectorAll('main svg a').length === 2);
  assert.deepEqual(
    (await boxes.allTextContents()).map((t) => /Billing|quoted/.test(t)),
    [true, true],
  );
  await page.reload();
  await page.waitForFunction(() => document.querySelectorAll('main svg a').length === 2);
  await page.getByLabel('Filter the map').fill('nobody of this name');
  await page.getByText('Nothing of this name').waitFor();
  await check(opened);
});

it('a narrow window has lists that say the same', async () => {
  const opened = await open({ width: 390 });
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/map`);
  const part = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Invoices' }) });
  await part.getByRole('link', { name: 'Billing' }).waitFor();
  await part.getByText('read:invoices').waitFor();
  await page.locator('section').filter({ hasText: 'Call no API' }).getByRole('link', { name: 'Idle' }).waitFor();
  assert.equal(await page.locator('main svg a').count(), 0);
  await check(opened);
});

it('a very long name takes a few lines, on the map and in the samples', async () => {
  const opened = await open({ width: 390 });
  const { page } = opened;
  const other = await freshTenant(page);
  const { call, caller } = await tenantApi(page, other);
  const long = 'W'.repeat(10_000);
  const scopes = [{ value: 'read:meters' }];
  await call('POST', 'resource-servers', { body: { name: long.slice(0, 200), identifier: 'urn:meters', scopes } });
  const { client } = await caller(long, 'urn:meters', ['read:meters']);
  await page.goto(`/manage/t/${other}/map`);
  const link = page.getByRole('link', { name: long, exact: true });
  await link.waitFor();
  const height = (await page.locator('main li').filter({ has: link }).boundingBox())?.height ?? 0;
  assert.ok(height > 0 && height < 100, `the entry is ${height} px tall`);
  assert.equal(await link.locator('[title]').getAttribute('title'), long);
  await look(opened, 'map-long-name');
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`/manage/t/${other}/applications/${client.client_id}?tab=quickstart`);
    const head = page.locator('header').filter({ hasText: 'Call your API' });
    await head.waitFor();
    const { surplus, tall } = await head.evaluate((h) => ({
      surplus: Math.max(...[...h.querySelectorAll('*')].map((e) => e.getBoundingClientRect().right)) - h.getBoundingClientRect().right,
      tall: h.getBoundingClientRect().height,
    }));
    assert.ok(surplus <= 0 && tall < 200, `${surplus} px beyond the card, ${tall} px tall`);
    await check(opened);
  }
});

it('it is exported as Mermaid and as JSON, copied and downloaded', async () => {
  const opened = await open();
  const { page } = opened;
  const { call } = await tenantApi(page, tenant);
  for (const identifier of ['urn:twice:1', 'urn:twice:2']) {
    await call('POST', 'resource-servers', { body: { name: 'Twice', identifier } });
  }
  await page.goto(`/manage/t/${tenant}/map`);
  await page.getByRole('button', { name: 'Export' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('flowchart LR').waitFor();
  await dialog.getByRole('button', { name: 'Copy: Mermaid' }).click();
  const mermaid = await page.evaluate(() => navigator.clipboard.readText());
  const lines = mermaid.trim().split('\n');
  assert.equal(lines[0], 'flowchart LR');
  assert.equal(lines.length, 1 + 4 + 6 + 4);
  assert.match(mermaid, /api\d\(\["A #34;quoted#34; #91;API#93;"\]\)/);
  assert.match(mermaid, /app\d\["Reports #124; #123;end#125;"\]/);
  assert.match(mermaid, /app\d -->\|"read:invoices"\| api\d/);

  assert.match(mermaid, /api\d\(\["Unused"\]\)/);
  assert.match(mermaid, /api\d\(\["Twice \(urn:twice:1\)"\]\)/);
  assert.match(mermaid, /api\d\(\["Twice \(urn:twice:2\)"\]\)/);

  await dialog.getByRole('tab', { name: 'JSON' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: 'Download' }).click()]);
  assert.equal(download.suggestedFilename(), `${tenant}-map.json`);
  const map = JSON.parse(await readFile(await download.path(), 'utf8'));
  assert.deepEqual([map.tenant, map.clients.length, map.resource_servers.length, map.client_grants.length], [tenant, 4, 6, 4]);
  assert.deepEqual(
    map.client_grants
      .filter((/** @type {{ audience: string }} */ g) => g.audience === 'urn:odd')
      .map((/** @type {{ scope: string[] }} */ g) => g.scope),
    [['do:it']],
  );
  await check(opened);
});

describe('five hundred applications', () => {
  it('are folded by what they may do, found by name, and unfolded by the keyboard', { timeout: 180_000 }, async () => {
    const opened = await open();
    const { page } = opened;
    const crowd = await freshTenant(page);
    const { call } = await tenantApi(page, crowd);
    for (const name of ['Gauges', 'Meters']) {
      await call('POST', 'resource-servers', { body: { name, identifier: `urn:${name}` } });
    }
    const make = async (/** @type {number} */ i) => {
      const client = await call('POST', 'clients', { body: { name: `Meter ${i}`, app_type: 'non_interactive' } });
      const audiences = [i % 2 === 0 && 'urn:Meters', i % 20 === 0 && 'urn:Gauges'].filter(Boolean);
      for (const audience of audiences) {
        await call('POST', 'client-grants', { body: { client_id: client.client_id, audience, scope: [] } });
      }
    };
    for (let i = 0; i < 500; i += 10) {
      await Promise.all(Array.from({ length: 10 }, (_, n) => make(i + n)));
    }
    await page.goto(`/manage/t/${crowd}/map`);
    await page.getByText('501 applications, 3 APIs, 276 grants').waitFor();
    const folded = page.getByRole('button', { name: /^Show (250|225|25) applications that may do the same$/ });
    await folded.first().waitFor();
    assert.equal(await folded.count(), 3);
    await page.getByLabel('Filter the map').fill('Meter 477');
    await page.waitForFunction(() => document.querySelectorAll('main svg [role=button]').length === 1);
    await folded.focus();
    await page.keyboard.press('Enter');
    await page.locator('main svg a:focus').filter({ hasText: 'Meter 477' }).waitFor();
    await page.getByLabel('Filter the map').fill('');
    await page.waitForFunction(() => document.querySelectorAll('main svg a').length > 250);
    await page.getByRole('button', { name: 'Fold again' }).click();
    await page.waitForFunction(() => document.querySelectorAll('main svg [role=button]').length === 3);
    await check(opened);

    // The same applications stand under both APIs of the list; what is pressed under the second is followed there.
    await page.getByText('List', { exact: true }).click();
    const both = page.getByRole('button', { name: '25 applications', exact: true });
    assert.equal(await both.count(), 2);
    await both.last().click();
    await page.locator('main li a:focus').waitFor();
    const lists = () => [...document.querySelectorAll('main ul')].findIndex((list) => list.contains(document.activeElement));
    assert.equal(await page.evaluate(lists), 1);
    await check(opened);
  });
});
