// Log streams: all eight types, paused and activated, changed, deleted; and what is not delivered yet.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { check, close, open } from '../harness.mjs';
import { freshTenant, tenantApi } from '../tenantapi.mjs';

after(close);

/** @typedef {import('playwright-core').Page} Page */

/** @type {string} */
let tenant;
/** @type {Awaited<ReturnType<typeof tenantApi>>} */
let api;

before(async () => {
  const { page } = await open({ shared: true });
  tenant = await freshTenant(page);
  api = await tenantApi(page, tenant);
});

/** A type's name on the page, what is typed into its fields, and what is stored. */
const types = [
  {
    label: 'Custom webhook',
    typed: { 'Payload URL': 'https://siem.example.com/in', Authorization: 'Bearer abc' },
    sink: { httpEndpoint: 'https://siem.example.com/in', httpAuthorization: 'Bearer abc' },
  },
  {
    label: 'Amazon EventBridge',
    typed: { 'AWS account ID': '123456789012', 'AWS region': 'eu-central-1' },
    sink: { awsAccountId: '123456789012', awsRegion: 'eu-central-1' },
  },
  {
    label: 'Azure Event Grid',
    typed: { 'Subscription ID': 'b69a6835-57c7-4d53-b0d5-1c6ae580b6d5', Region: 'northeurope', 'Resource group': 'logs' },
    sink: { azureSubscriptionId: 'b69a6835-57c7-4d53-b0d5-1c6ae580b6d5', azureRegion: 'northeurope', azureResourceGroup: 'logs' },
  },
  { label: 'Datadog', typed: { 'API key': 'k1' }, sink: { datadogApiKey: 'k1', datadogRegion: 'us' } },
  {
    label: 'Splunk',
    typed: { Domain: 'splunk.example.com', Port: '8088', 'Event Collector token': 't1' },
    sink: { splunkDomain: 'splunk.example.com', splunkPort: '8088', splunkToken: 't1', splunkSecure: true },
  },
  {
    label: 'Sumo Logic',
    typed: { 'HTTP source address': 'https://sumo.example.com/x' },
    sink: { sumoSourceAddress: 'https://sumo.example.com/x' },
  },
  { label: 'Segment', typed: { 'Write key': 'w1' }, sink: { segmentWriteKey: 'w1' } },
  {
    label: 'Mixpanel',
    typed: { 'Project ID': '42', 'Service account username': 'writ', 'Service account password': 'p1' },
    sink: { mixpanelRegion: 'us', mixpanelProjectId: '42', mixpanelServiceAccountUsername: 'writ' },
  },
];

for (const { label, typed, sink } of types) {
  it(`${label}: a stream of this type is created`, async () => {
    const opened = await open();
    const { page } = opened;
    await page.goto(`/manage/t/${tenant}/log-streams`);
    await page.getByRole('link', { name: 'Create stream' }).first().click();
    await page.getByRole('link', { name: label }).click();
    await page.getByLabel('Name', { exact: true }).fill(`To ${label}`);
    for (const [field, value] of Object.entries(typed)) {
      await page.getByLabel(field, { exact: true }).fill(value);
    }
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: `To ${label}` }).waitFor();
    await page.getByText('Active', { exact: true }).waitFor();
    await page.getByText('Saved, but nothing is delivered yet').waitFor();
    const streams = await api.call('GET', 'log-streams');
    const { mixpanelServiceAccountPassword: hidden, ...stored } = streams.find(
      (/** @type {{ name: string }} */ s) => s.name === `To ${label}`,
    ).sink;
    assert.deepEqual(stored, sink);
    assert.notEqual(hidden, 'p1');
    await check(opened);
  });
}

/** Opens the webhook's page. @param {Page} page */
async function openWebhook(page) {
  await page.goto(`/manage/t/${tenant}/log-streams`);
  await page.getByRole('link', { name: 'To Custom webhook' }).click();
  await page.getByLabel('Payload URL').waitFor();
}

async function webhook() {
  return (await api.call('GET', 'log-streams')).find((/** @type {{ type: string }} */ s) => s.type === 'http');
}

it('what the API says of a sink stands at its field, and a secret can be shown, kept and taken away', async () => {
  const opened = await open();
  const { page } = opened;
  await openWebhook(page);
  const secret = page.getByLabel('Authorization', { exact: true });
  assert.equal(await secret.getAttribute('type'), 'password');
  await page.getByRole('button', { name: 'Show or hide: Authorization' }).click();
  assert.equal(await secret.getAttribute('type'), 'text');
  const endpoint = page.getByLabel('Payload URL');
  await endpoint.fill('http://siem.example.com/in');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Payload URL: an address that begins with https://.').waitFor();
  assert.equal(await endpoint.getAttribute('aria-invalid'), 'true');
  await endpoint.fill('https://siem.example.com/other');
  await page.getByRole('button', { name: 'Add a header' }).click();
  await page.getByLabel('Name 1').fill('X Team');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('A header: the name of a header has letters, digits and hyphens, and no spaces.').waitFor();
  await page.getByLabel('Name 1').fill('X-Team');
  await page.getByLabel('Value 1').fill('payroll');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Unsaved changes').waitFor({ state: 'detached' });
  assert.deepEqual((await webhook()).sink, {
    httpEndpoint: 'https://siem.example.com/other',
    httpAuthorization: 'Bearer abc',
    httpCustomHeaders: [{ header: 'X-Team', value: 'payroll' }],
  });
  await secret.fill('');
  await page.getByRole('button', { name: 'Remove X-Team' }).click();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Unsaved changes').waitFor({ state: 'detached' });
  assert.deepEqual((await webhook()).sink, { httpEndpoint: 'https://siem.example.com/other' });
  await check(opened);
});

it('events and personal data are chosen, and given up again', async () => {
  const opened = await open();
  const { page } = opened;
  await openWebhook(page);
  await page.getByRole('combobox', { name: 'Categories' }).click();
  await page.getByRole('option', { name: 'Token exchange: failure' }).click();
  await page.getByRole('combobox', { name: 'Fields' }).click();
  await page.getByRole('option', { name: 'Email' }).click();
  await page.keyboard.press('Escape');
  await page.getByLabel('What is done to them').selectOption('Masked');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Unsaved changes').waitFor({ state: 'detached' });
  const { filters, pii_config: personal } = await webhook();
  assert.deepEqual(filters, [{ type: 'category', name: 'auth.token_exchange.fail' }]);
  assert.deepEqual([personal.log_fields, personal.method], [['email'], 'mask']);
  await check(opened);
});

it('it is paused and activated', async () => {
  const opened = await open();
  const { page } = opened;
  await openWebhook(page);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Paused', { exact: true }).waitFor();
  assert.equal((await webhook()).status, 'paused');
  await page.getByRole('button', { name: 'Activate' }).click();
  await page.getByText('Active', { exact: true }).waitFor();
  assert.equal((await webhook()).status, 'active');
  await check(opened);
});

it('the sink of an event bus cannot be changed, its name can', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/log-streams`);
  await page.getByRole('link', { name: 'To Amazon EventBridge' }).click();
  await page.getByLabel('AWS region').waitFor();
  assert.notEqual(await page.getByLabel('AWS region').getAttribute('readonly'), null);
  await page.getByLabel('Name', { exact: true }).fill('Bus');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByRole('heading', { name: 'Bus' }).waitFor();
  await check(opened);
});

it('it is deleted after its name was typed', async () => {
  const opened = await open();
  const { page } = opened;
  await openWebhook(page);
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('To Custom webhook');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('link', { name: 'To Datadog' }).waitFor();
  assert.equal(await webhook(), undefined);
  await check(opened);
});

for (const role of /** @type {const} */ (['viewer', 'keys'])) {
  it(`the role ${role} sees streams without their secrets, and changes none`, async () => {
    const opened = await open({ role });
    const { page } = opened;
    await page.goto('/manage/t/dev/log-streams');
    await page.getByRole('link', { name: 'Security team' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'Create stream' }).count(), 0);
    await page.getByRole('link', { name: 'Security team' }).click();
    await page.getByLabel('Authorization', { exact: true }).waitFor();
    assert.equal((await page.content()).includes('canary-stream-secret'), false);
    assert.notEqual(await page.getByLabel('Payload URL').getAttribute('readonly'), null);
    assert.equal(await page.getByRole('button', { name: /Pause|Delete/ }).count(), 0);
    await check(opened);
  });
}
