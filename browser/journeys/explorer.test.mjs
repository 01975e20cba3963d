// The API Explorer: the Management API as its own document describes it, tried with the page's bearer.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { check, close, open } from '../harness.mjs';
import { freshTenant, tenantApi } from '../tenantapi.mjs';

after(close);

/** @type {string} */
let tenant;
/** @type {string} */
let address;

before(async () => {
  const { page, context } = await open();
  tenant = await freshTenant(page);
  const { call } = await tenantApi(page, tenant);
  const system = (await call('GET', 'resource-servers')).find((/** @type {{ is_system?: boolean }} */ s) => s.is_system);
  address = `/manage/t/${tenant}/apis/${system.id}?tab=explorer`;
  await context.close();
});

it('it has every operation of the document, and none of them is elsewhere', async () => {
  const opened = await open();
  const { page } = opened;
  const { call } = await tenantApi(page, tenant);
  const document = await call('GET', 'openapi.json');
  const count = Object.values(document.paths).flatMap((path) => Object.keys(path)).length;
  await page.goto(address);
  const list = page.getByRole('navigation', { name: 'Operations' });
  await list.waitFor();
  assert.equal(await list.getByRole('button').count(), count);
  await page.getByLabel('Search operations').fill('post client secret');
  await list.getByRole('button', { name: 'Rotate a client secret' }).waitFor();
  assert.equal(await list.getByRole('button').count(), 1);
  const { call: again } = await tenantApi(page, tenant);
  const own = await again('POST', 'resource-servers', { body: { name: 'Own', identifier: 'urn:own' } });
  await page.goto(`/manage/t/${tenant}/apis/${own.id}`);
  await page.getByRole('tab', { name: 'Settings' }).waitFor();
  assert.equal(await page.getByRole('tab', { name: 'API Explorer' }).count(), 0);
  await check(opened);
});

it('a request is sent as it is shown, and its answer shown as it came', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(address);
  await page.getByRole('button', { name: 'POST Create a client', exact: true }).click();
  await page.getByText('create:clients').waitFor();
  const body = page.getByRole('textbox', { name: 'Body' });
  await body.fill('{"name": ');
  await page.getByRole('button', { name: 'Send' }).click();
  assert.equal(await body.getAttribute('aria-invalid'), 'true');
  await body.fill(`{"name": "O'Brien's tool", "colour": "red"}`);
  await page.getByText(`--data '{"name": "O'\\''Brien'\\''s tool"`).waitFor();
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('status').getByText('400').waitFor();
  await page.getByText('Additional properties not allowed: colour').waitFor();
  await body.fill(`{"name": "O'Brien's tool"}`);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('status').getByText('201').waitFor();
  await page.getByText('x-ratelimit-remaining').waitFor();
  await page.getByText(`"name": "O'Brien's tool"`, { exact: false }).last().waitFor();
  await check(opened);
});

it('parameters go where they belong; what destroys is asked about', async () => {
  const opened = await open();
  const { page } = opened;
  const { call } = await tenantApi(page, tenant);
  const client = await call('POST', 'clients', { body: { name: 'Short-lived' } });
  await page.goto(`${address}&operation=`);
  await page.getByText('There is no such operation').waitFor();
  await page.getByRole('button', { name: 'DELETE Delete a client', exact: true }).click();
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('This is required.').waitFor();
  await page.getByLabel('id', { exact: true }).fill(client.client_id);
  await page.getByText(`/api/v2/clients/${client.client_id}`).waitFor();
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await call('GET', `clients/${client.client_id}`);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
  await page.getByRole('status').getByText('204').waitFor();

  await page.getByRole('button', { name: 'GET Get clients', exact: true }).click();
  await page.getByLabel('include_totals').selectOption('true');
  await page.getByLabel('fields', { exact: true }).fill('client_id,name');
  await page.getByText('clients?include_totals=true&fields=client_id%2Cname').waitFor();
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('status').getByText('200').waitFor();
  await page.getByText('"total": ').waitFor();
  await check(opened);
});

it('a test application is made and authorized when asked for, with a warning', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(address);
  await page.getByRole('button', { name: 'Create & authorize a test application' }).click();
  await page.getByText('can read and change everything').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByRole('link', { name: 'API Explorer Application' }).click();
  await page.getByRole('heading', { name: 'API Explorer Application' }).waitFor();
  const { call, token } = await tenantApi(page, tenant);
  const client = (await call('GET', 'clients')).find((/** @type {{ name: string }} */ c) => c.name === 'API Explorer Application');
  const [grant] = await call('GET', `client-grants?client_id=${client.client_id}`);
  const bearer = (await token(client, grant.audience)).access_token;
  assert.equal((await call('GET', 'clients', { bearer })).length > 1, true);
  await check(opened);
});

it('a viewer may read, is told what the role does not include, and the API refuses it', async () => {
  const opened = await open({ role: 'viewer' });
  const { page } = opened;
  await page.goto('/manage/t/dev/apis');
  await page.getByRole('link', { name: 'Auth0 Management API' }).click();
  await page.getByRole('tab', { name: 'API Explorer' }).click();
  await page.getByRole('button', { name: 'POST Create a client', exact: true }).click();
  await page.getByText('Your role does not include this.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Create & authorize' }).count(), 0);
  const body = page.getByRole('textbox', { name: 'Body' });
  await body.fill('{"name": "x"}');
  const another = page.getByRole('navigation', { name: 'Operations' }).getByRole('button').first();
  for (const way of [another, page.getByRole('link', { name: 'Logs' })]) {
    await way.click();
    await page.getByRole('dialog', { name: 'Leave without sending?' }).getByRole('button', { name: 'Stay' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.equal(await body.inputValue(), '{"name": "x"}');
  }
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('status').getByText('403').waitFor();
  await page.getByText('Insufficient scope').waitFor();
  await another.click(); // what was sent is left unasked
  await body.waitFor({ state: 'detached' });
  await check(opened);
});
