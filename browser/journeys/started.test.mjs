// Getting started: the seven ways of machines, and the seven steps of the guide, ticked from what is so.

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { check, close, open, pageHeaders, password, people } from '../harness.mjs';
import { claimsOf, freshTenant, tenantApi } from '../tenantapi.mjs';

after(close);

/** @typedef {import('playwright-core').Page} Page */

/** What each way presets: seconds, and the permission. */
const ways = [
  { title: 'Service to service', lifetime: 3600, scope: 'read:stock' },
  { title: 'Scheduled job', lifetime: 900, scope: 'batch:upload' },
  { title: 'Devices', lifetime: 3600, scope: 'write:measurements' },
  { title: 'API to API', lifetime: 3600, scope: 'create:payments' },
  { title: 'Before a user is known', lifetime: 300, scope: 'lookup:accounts' },
  { title: 'API gateway', lifetime: 3600, scope: 'call:backend' },
  { title: 'Daemons and tools', lifetime: 3600, scope: 'write:backups' },
];

it('each of the seven ways makes an API, an application and a grant, with which a token is got', async () => {
  const opened = await open();
  const { page } = opened;
  const tenant = await freshTenant(page);
  await page.goto(`/manage/t/${tenant}/start`);
  await page.getByText('steps are done').waitFor();
  assert.equal(await page.locator('a[href*="/start/"]').count(), ways.length);
  for (const { title, lifetime, scope } of ways) {
    await page.getByRole('link', { name: title }).click();
    const [application, audience] = [await page.getByLabel('Application').inputValue(), await page.getByLabel('Identifier').inputValue()];
    assert.equal(await page.getByRole('img', { name: 'Not made yet' }).count(), 3);
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('All is made').waitFor();
    assert.equal(await page.getByRole('img', { name: 'Made', exact: true }).count(), 3);

    const api = await tenantApi(page, tenant);
    const clients = await api.call('GET', 'clients');
    const client = clients.find((/** @type {{ name: string }} */ c) => c.name === application);
    const claims = claimsOf((await api.token(client, audience)).access_token);
    assert.deepEqual([claims.aud, claims.scope, claims.exp - claims.iat], [audience, scope, lifetime], title);
    await page.getByRole('link', { name: 'Getting started', exact: true }).first().click();
    await page.getByText('steps are done').waitFor();
  }
  await check(opened);
});

it('what fails half-way stays made, says why, and goes on where it stopped', async () => {
  const opened = await open();
  const { page } = opened;
  const tenant = await freshTenant(page);
  const api = await tenantApi(page, tenant);
  await api.call('POST', 'resource-servers', { body: { name: 'Taken', identifier: 'https://inventory.example.com' } });
  await page.goto(`/manage/t/${tenant}/start/service`);
  await page.getByLabel('Application').fill('<Orders>');
  await page.getByRole('link', { name: 'Another way' }).click();
  await page.getByRole('button', { name: 'Stay' }).click(); // what is typed is not left without asking, either
  await page.getByLabel('Name', { exact: true }).fill('<Stock>');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByRole('img', { name: 'Failed' }).waitFor();
  await page.getByLabel('Name', { exact: true }).fill('Stock');
  await page.getByLabel('Application').fill('Orders service');
  await page.getByRole('button', { name: 'Go on', exact: true }).click();
  await page.getByRole('img', { name: 'Failed' }).waitFor();
  await page.getByText('already exists').first().waitFor();
  assert.equal(await page.getByRole('img', { name: 'Not made yet' }).count(), 2);

  await page.getByLabel('Identifier').fill('https://stock.example.com');
  await page.route('**/api/v2/client-grants', (route) => route.abort(), { times: 1 });
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByText('writ cannot be reached').waitFor();
  assert.equal(await page.getByRole('img', { name: 'Made', exact: true }).count(), 2);
  assert(await page.getByLabel('Application').isDisabled());

  // To leave it half made is asked about.
  await page.getByRole('link', { name: 'Applications', exact: true }).click();
  await page.getByRole('button', { name: 'Stay' }).click();
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByText('All is made').waitFor();
  const clients = await api.call('GET', 'clients?is_global=false');
  assert.equal(clients.filter((/** @type {{ name: string }} */ c) => c.name === 'Orders service').length, 1);
  assert.equal((await api.call('GET', 'client-grants?audience=https%3A%2F%2Fstock.example.com')).length, 1);
  await check(opened);
});

it('an API that is there is used as it is', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto('/manage/t/dev/start/privileged');
  await page.getByLabel('Application').fill('Night owl');
  await page.getByPlaceholder('A new one').click();
  await page.getByRole('option', { name: 'Timesheets' }).click();
  await page.getByText('For this, 5 minutes would be better').waitFor();
  await page.getByLabel('read:timesheets').check();
  assert.equal(await page.getByRole('img', { name: 'Not made yet' }).count(), 2);
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByText('All is made').waitFor();
  const api = await tenantApi(page, 'dev');
  const clients = await api.call('GET', 'clients?is_global=false&per_page=100');
  const { client_id: id } = clients.find((/** @type {{ name: string }} */ c) => c.name === 'Night owl');
  const [grant] = await api.call('GET', `client-grants?client_id=${id}`);
  assert.deepEqual(grant.scope, ['read:timesheets']);
  await api.call('DELETE', `clients/${id}`);
  await check(opened);
});

it('the search finds the pages of the guide by what they are for', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto('/manage/t/dev/logs');
  await page.getByRole('table', { name: 'Events' }).waitFor();
  for (const [words, label, path] of [
    ['wizard', 'Getting started', 'start'],
    ['mermaid', 'Map', 'map'],
    ['failures', 'Activity', 'activity'],
  ]) {
    await page.keyboard.press('Control+k');
    await page
      .getByRole('dialog')
      .getByPlaceholder('Search pages')
      .fill(words ?? '');
    await page
      .getByRole('dialog')
      .getByText(label ?? '', { exact: true })
      .waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/dev/${path}`);
    await page.getByRole('heading', { name: label, level: 1 }).waitFor();
  }
  await check(opened);
});

describe('the seven steps', () => {
  it('are ticked when what they ask is so, and no longer when it is not', async () => {
    const opened = await open();
    const { page } = opened;
    // As where this is the only tenant: one environment.
    await page.route('**/manage/session', async (route) => {
      const answer = await route.fetch();
      const session = await answer.json();
      session.memberships = session.memberships.filter((/** @type {{ tenant: string }} */ m) => alone === '' || m.tenant === alone);
      await route.fulfill({ response: answer, json: session });
    });
    const tenant = await freshTenant(page);
    let alone = tenant;
    const api = await tenantApi(page, tenant);
    const audience = 'https://payroll.example.com';

    await ticks(page, tenant, [], 0);
    const rs = await api.call('POST', 'resource-servers', { body: { name: 'Payroll', identifier: audience } });
    await ticks(page, tenant, ['api'], 0);
    alone = '';
    await ticks(page, tenant, ['api', 'environments'], 1);
    await api.call('PATCH', `resource-servers/${rs.id}`, { body: { scopes: [{ value: 'run:payroll' }], token_lifetime: 3600 } });
    await ticks(page, tenant, ['api', 'environments', 'scopes', 'lifetime'], 1);
    const { client } = await api.caller('Payroll job', audience, ['run:payroll']);
    await api.call('PATCH', 'tenants/settings', { body: { friendly_name: 'Payroll, for trying out', support_email: 'help@example.com' } });
    await ticks(page, tenant, ['api', 'environments', 'name', 'grant', 'scopes', 'lifetime', 'support'], 3);
    assert.ok((await api.token(client, audience)).access_token);
    assert.equal((await api.token(client, audience, 'delete:payroll')).error, 'access_denied');
    await ticks(page, tenant, ['api', 'environments', 'name', 'grant', 'scopes', 'lifetime', 'token', 'support', 'refusal'], 4);
    await api.call('POST', 'keys/signing/rotate');
    await api.call('PATCH', 'writ/tenant', { body: { environment: 'staging' } });
    const early = ['api', 'environments', 'name', 'grant', 'scopes', 'lifetime', 'token', 'support', 'refusal', 'rotation', 'tag'];
    await ticks(page, tenant, early, 5);

    const system = (await api.call('GET', 'resource-servers')).find((/** @type {{ is_system?: boolean }} */ s) => s.is_system).identifier;
    const robot = await api.caller('Deployment', system, ['update:clients']);
    const bearer = (await api.token(robot.client, system)).access_token;
    await ticks(page, tenant, early, 5);
    await api.call('PATCH', `clients/${client.client_id}`, { body: { description: 'From the repository' }, bearer });
    await ticks(page, tenant, [...early, 'program'], 6);
    await invite(opened, tenant);
    await ticks(page, tenant, [...early, 'program', 'people'], 7);
    await page.getByText('7 of 7').waitFor();

    // With nothing left to do, a tenant opens with its applications.
    await page.goto(`/manage/t/${tenant}`);
    await page.waitForURL('**/applications');

    await api.call('DELETE', `client-grants/${robot.grant.id}`);
    await ticks(page, tenant, [...early, 'people'], 6);
    await page.goto(`/manage/t/${tenant}`);
    await page.waitForURL('**/start');
    await api.call('PATCH', 'writ/tenant', { body: { environment: 'development' } });
    await api.call('PATCH', 'tenants/settings', { body: { friendly_name: tenant, support_email: '' } });
    await api.call('PATCH', `resource-servers/${rs.id}`, { body: { token_lifetime: 3601 } });
    await ticks(page, tenant, ['api', 'environments', 'grant', 'scopes', 'token', 'refusal', 'rotation', 'people'], 2);
    await api.call('DELETE', `clients/${client.client_id}`);
    await ticks(page, tenant, ['api', 'environments', 'scopes', 'rotation', 'people'], 1);
    await api.call('DELETE', `resource-servers/${rs.id}`);
    await ticks(page, tenant, ['environments', 'rotation', 'people'], 0);
    await check(opened);
  });

  it('lead to where each is done', async () => {
    const opened = await open();
    const { page } = opened;
    await page.goto('/manage/t/dev/start');
    await page.getByText('steps are done').waitFor();
    const links = await page.locator('[data-check] a').evaluateAll((all) => all.map((a) => a.getAttribute('href') ?? ''));
    assert.equal(links.length, 13);
    for (const link of new Set(links)) {
      await page.goto(link);
      await page.locator('h1').first().waitFor();
      await page.getByRole('tab', { selected: true }).or(page.getByRole('table')).first().waitFor();
      assert.equal(await page.getByText('There is no such page').count(), 0, link);
    }
    assert.deepEqual(opened.complaints, []);
  });

  it('are shown to a viewer, who is offered nothing that would be refused', async () => {
    const opened = await open({ role: 'viewer' });
    const { page } = opened;
    await page.goto('/manage/t/dev/start');
    await page.getByText('steps are done').waitFor();
    await page.getByRole('link', { name: 'Devices' }).click();
    await page.getByText('Your role does not include this').waitFor();
    await check(opened);
  });

  it('are not in the way of who wants none of them', async () => {
    const opened = await open();
    const { page } = opened;
    await page.goto('/manage/t/dev');
    await page.waitForURL('**/start');
    await page.getByLabel('Open the tenant with this page').uncheck();
    await page.goto('/manage/t/dev');
    await page.waitForURL('**/applications');
    await page.goto('/manage/t/dev/start');
    await page.getByLabel('Open the tenant with this page').check();
    await check(opened);
  });
});

/**
 * What the page ticks: checks by their ids, and how many steps.
 * @param {Page} page
 * @param {string} tenant
 * @param {string[]} checks
 * @param {number} steps
 */
async function ticks(page, tenant, checks, steps) {
  await page.goto(`/manage/t/${tenant}/start`);
  await page.getByText('steps are done').waitFor();
  const done = await page.locator('[data-check][data-done]').evaluateAll((all) => all.map((e) => e.getAttribute('data-check') ?? ''));
  assert.deepEqual(done.sort(), [...checks].sort());
  assert.equal(await page.locator('[data-step][data-done]').count(), steps);
}

/**
 * Has the second administrator come.
 * @param {Awaited<ReturnType<typeof open>>} opened
 * @param {string} tenant
 */
async function invite({ page, context }, tenant) {
  const answer = await page.request.post(`/manage/tenants/${tenant}/invitations`, {
    data: { email: people.admin, role: 'admin' },
    headers: await pageHeaders(page.request),
  });
  assert.equal(answer.status(), 201, await answer.text());
  const code = new URL((await answer.json()).link).searchParams.get('code') ?? '';
  const other = await context.browser()?.newContext({ baseURL: page.url(), ignoreHTTPSErrors: true });
  const joined = await other?.request.post('/manage/invitation', { form: { code, name: '', password }, maxRedirects: 0 });
  assert.equal(joined?.status(), 303);
  await other?.close();
}
