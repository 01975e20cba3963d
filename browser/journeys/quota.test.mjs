// Token quotas of applications, organizations and the tenant, with what is used of them; and how many tokens were issued.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, it } from 'node:test';
import { check, close, open } from '../harness.mjs';
import { freshTenant, tenantApi } from '../tenantapi.mjs';

after(close);

/** @typedef {import('playwright-core').Page} Page */

/** @type {string} */
let tenant;
/** @type {Awaited<ReturnType<typeof tenantApi>>} */
let api;
/** @type {{ client_id: string, client_secret: string }} */
let client;
/** @type {{ id: string }} */
let organization;

const audience = 'urn:sheets';

before(async () => {
  const { page } = await open({ shared: true });
  tenant = await freshTenant(page);
  api = await tenantApi(page, tenant);
  await api.call('POST', 'resource-servers', { body: { name: 'Sheets', identifier: audience } });
  const made = await api.caller('Importer', audience, []);
  client = made.client;
  organization = await api.call('POST', 'organizations', { body: { name: 'acme' } });
  await api.call('PATCH', `client-grants/${made.grant.id}`, { body: { organization_usage: 'allow', allow_any_organization: true } });
});

/** @param {Page} page */
async function saved(page) {
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Unsaved changes').waitFor({ state: 'detached' });
}

it('an application gets a quota of its own, its use is told, and it is refused beyond it', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/applications/${client.client_id}?tab=quota`);
  await page.getByText('Tokens are not limited.').waitFor();
  await check(opened);
  await page.getByLabel('Limits').selectOption('Its own limits');
  const perDay = page.getByLabel('Tokens per day');
  await perDay.fill('9999999999');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Tokens per day must be at most 2,147,483,647.').waitFor();
  assert.equal(await perDay.getAttribute('aria-invalid'), 'true');
  await perDay.fill('2');
  await saved(page);
  assert.deepEqual((await api.call('GET', `clients/${client.client_id}`)).token_quota, {
    client_credentials: { enforce: true, per_day: 2 },
  });
  await page.getByText('0 of 2 tokens').waitFor();
  assert.match((await api.token(client, audience)).access_token, /^ey/);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText('1 of 2 tokens').waitFor();
  await api.token(client, audience);
  assert.equal((await api.token(client, audience)).error, 'too_many_requests');
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText('2 of 2 tokens').waitFor();
  await check(opened);

  await page.getByLabel('Limits').selectOption('The tenant’s defaults');
  await saved(page);
  await page.getByText('Tokens are not limited.').waitFor();
  assert.equal((await api.call('GET', `clients/${client.client_id}`)).token_quota, undefined);
  await check(opened);
});

it('an organization has a quota that is not enforced, and tells its use', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/organizations/${organization.id}?tab=quota`);
  await page.getByLabel('Limits').selectOption('Its own limits');
  await page.getByLabel('Tokens per hour').fill('1');
  await page.getByLabel('Enforce').uncheck();
  await saved(page);
  for (let i = 0; i < 2; i++) {
    assert.match((await api.token(client, audience, undefined, organization.id)).access_token, /^ey/);
  }
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText('2 of 1 tokens').waitFor();
  await page.getByText('Not enforced.').waitFor();
  await check(opened);
});

it('the tenant’s defaults are set and taken away, beside who was busiest today', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/settings?tab=quota`);
  await page.getByRole('table', { name: 'Applications, so far today' }).getByRole('link', { name: 'Importer' }).waitFor();
  await page.getByRole('table', { name: 'Organizations, so far today' }).getByRole('link', { name: 'acme' }).waitFor();
  const limit = page.getByLabel('Tokens per hour');
  await limit.first().fill('100');
  await limit.last().fill('5000');
  await saved(page);
  const settings = async () => (await api.call('GET', 'tenants/settings')).default_token_quota;
  assert.deepEqual(await settings(), {
    clients: { client_credentials: { enforce: true, per_hour: 100 } },
    organizations: { client_credentials: { enforce: true, per_hour: 5000 } },
  });
  await check(opened);
  await page.getByRole('table', { name: 'Applications, so far today' }).getByRole('link', { name: 'Importer' }).click();
  await page.getByText('By the tenant’s default.').waitFor();
  await page.goto(`/manage/t/${tenant}/settings?tab=quota`);
  await limit.first().fill('');
  await limit.last().fill('');
  await saved(page);
  assert.equal(await settings(), undefined);
  await check(opened);
});

it('usage tells how many tokens were issued, for whom, and is downloaded', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/usage?view=table`);
  await page.getByRole('table', { name: 'Tokens over time' }).waitFor();
  assert.equal(await page.getByRole('table', { name: 'Tokens over time' }).locator('tbody tr').count(), 30);
  await page.getByRole('table', { name: 'By application' }).getByRole('row', { name: 'Importer 4' }).waitFor();
  await page.getByRole('table', { name: 'By API' }).getByRole('row', { name: 'Sheets 4' }).waitFor();
  await page.getByRole('table', { name: 'By organization' }).getByRole('row', { name: 'acme 2' }).waitFor();
  await page.getByRole('table', { name: 'By organization' }).getByRole('row', { name: 'No organization 2' }).waitFor();
  await check(opened);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download CSV' }).click()]);
  assert.match(download.suggestedFilename(), new RegExp(`^usage-${tenant}-.*\\.csv$`));
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  assert.match(lines[0] ?? '', /^day,client_id,client_name,audience,api_name,organization_id,organization_name,tokens,/);
  assert.deepEqual(
    lines.slice(1).map((l) => l.includes('Importer') && l.endsWith(',2,0')),
    [true, true],
  );
  await page.getByText('12 months').click();
  await page.getByRole('heading', { name: 'By month' }).waitFor();
  await check(opened);
});

it('a tenant without tokens has words of its own', async () => {
  const opened = await open();
  const empty = await freshTenant(opened.page);
  await opened.page.goto(`/manage/t/${empty}/usage`);
  await opened.page.getByText('No tokens in this time').waitFor();
  await check(opened);
});

for (const role of /** @type {const} */ (['viewer', 'keys'])) {
  it(`the role ${role} sees quotas and usage, and changes none`, async () => {
    const opened = await open({ role });
    const { page } = opened;
    await page.goto('/manage/t/dev/organizations');
    await page.getByRole('link', { name: 'Acme Inc.' }).click();
    await page.getByRole('tab', { name: 'Quota' }).click();
    await page.getByLabel('Limits').waitFor();
    assert(await page.getByLabel('Limits').isDisabled());
    await page.goto('/manage/t/dev/settings?tab=quota');
    await page.getByLabel('Tokens per hour').first().waitFor();
    assert.notEqual(await page.getByLabel('Tokens per hour').first().getAttribute('readonly'), null);
    await page.goto('/manage/t/dev/usage');
    await page.getByRole('heading', { name: 'By application' }).waitFor();
    await check(opened);
  });
}
