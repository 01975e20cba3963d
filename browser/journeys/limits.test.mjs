// Who may ask how often, and from where: rate limit policies and network ACLs.

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
  await api.call('POST', 'clients', { body: { name: 'Importer', app_type: 'non_interactive' } });
});

/** @param {Page} page @param {string} label */
async function destroy(page, label) {
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText(label).waitFor();
}

it('a policy is created for one application, changed and deleted', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/rate-limits`);
  await page.getByText('No policies yet').waitFor();
  await check(opened);
  await page.getByRole('link', { name: 'Create policy' }).first().click();
  await page.getByRole('radio', { name: 'One application' }).click();
  assert(await page.getByRole('button', { name: 'Create' }).isDisabled());
  await page.getByRole('combobox', { name: 'Application' }).fill('impo');
  await page.getByRole('option', { name: 'Importer' }).click();
  const limit = page.getByLabel('Requests per second');
  await limit.fill('10001');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('Requests per second: a whole number from 0 to 10,000.').waitFor();
  assert.equal(await limit.getAttribute('aria-invalid'), 'true');
  await limit.fill('');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('Requests per second: a whole number from 0 to 10,000.').waitFor();
  await limit.fill('7');
  await check(opened);
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('row', { name: /Importer.*Refuse beyond 7 a second/ }).waitFor();

  await page.getByRole('link', { name: 'Importer' }).click();
  await page.getByRole('heading', { name: 'Importer' }).waitFor();
  await page.getByLabel('Action').selectOption('Redirect');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Redirect to: an address that begins with https://.').waitFor();
  assert.equal(await page.getByLabel('Redirect to').getAttribute('aria-invalid'), 'true');
  assert.equal(await page.getByLabel('Requests per second').getAttribute('aria-invalid'), null);
  assert.equal(await page.getByRole('alert').count(), 0); // it is said once, at the field
  await page.getByLabel('Action').selectOption('No limit');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Unsaved changes').waitFor({ state: 'detached' });
  const { rate_limit_policies: policies } = await api.call('GET', 'rate-limit-policies');
  assert.deepEqual(policies[0].configuration, { action: 'allow' });
  await check(opened);
  await destroy(page, 'No policies yet');
  assert.deepEqual(opened.complaints, []);
});

it('a second policy for the same applications is refused where they are chosen', async () => {
  const opened = await open();
  const { page } = opened;
  for (const expected of ['Refuse beyond 10 a second', 'There is a policy for these already']) {
    await page.goto(`/manage/t/${tenant}/rate-limits/new`);
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText(expected).waitFor();
  }
  await page.getByRole('radio', { name: 'All third-party applications' }).click();
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('row', { name: /All third-party applications.*Refuse beyond 10 a second/ }).waitFor();
  await check(opened);
});

it('an ACL is created off, read once more, switched on, and deleted', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/network-acls`);
  await page.getByText('No rules yet').waitFor();
  await page.getByRole('link', { name: 'Create rule' }).first().click();
  await page.getByLabel('Description').fill('<i>Office</i>');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('Add a criterion or an exception').waitFor();
  assert.equal(await page.getByLabel('Add a criterion').getAttribute('aria-invalid'), 'true');
  assert.equal(await page.getByRole('alert').count(), 0);
  await page.getByLabel('Add a criterion').selectOption('IPv4 addresses and networks');
  const addresses = page.getByRole('combobox', { name: 'IPv4 addresses and networks' });
  await addresses.fill('198.51.100.7,192.0.2.0/33');
  await addresses.press('Enter');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('“192.0.2.0/33”: not an IPv4 address or network, such as 192.0.2.7 or 192.0.2.0/24.').waitFor();
  assert.equal(await addresses.getAttribute('aria-invalid'), 'true');
  await page.locator('.mantine-Pill-root', { hasText: '198.51.100.7' }).locator('button').click();
  await page.getByText('“192.0.2.0/33”: not').waitFor(); // what it names is what was sent
  await addresses.press('Backspace');
  await addresses.fill('192.0.2.0/24,198.51.100.7');
  await addresses.press('Enter');
  await page.getByLabel('Add an exception').selectOption('Countries');
  await page.getByRole('combobox', { name: 'Countries' }).fill('CH');
  await check(opened);
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('Off', { exact: true }).waitFor();
  await page.getByText('writ stores these and cannot check them: Countries.').waitFor();

  const [made] = await api.call('GET', 'network-acls');
  assert.deepEqual(made.rule, {
    match: { ipv4_cidrs: ['192.0.2.0/24', '198.51.100.7'] },
    not_match: { geo_country_codes: ['CH'] },
    scope: 'authentication',
    action: { block: true },
  });
  assert.deepEqual([made.description, made.active, made.priority], ['<i>Office</i>', false, 1]);

  await page.getByLabel('Active').check();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Active', { exact: true }).first().waitFor();
  await page.getByText('Unsaved changes').waitFor({ state: 'detached' });
  assert.equal((await api.call('GET', 'network-acls'))[0].active, true);
  await check(opened);
  await destroy(page, 'No rules yet');
  assert.deepEqual(opened.complaints, []);
});

it('a priority that is taken is said at the field, and the next free one is proposed', async () => {
  const rule = { scope: 'tenant', action: { log: true }, match: { user_agents: ['curl'] } };
  await api.call('POST', 'network-acls', { body: { description: 'First', active: false, priority: 1, rule } });
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/network-acls/new`);
  const priority = page.getByLabel('Priority');
  assert.equal(await priority.inputValue(), '2');
  await page.getByLabel('Description').fill('Second');
  await page.getByLabel('Add a criterion').selectOption('User agents');
  await page.getByRole('combobox', { name: 'User agents' }).fill('wget');
  await priority.fill('1');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('A Network ACL with this priority number has already been created.').waitFor();
  assert.equal(await priority.getAttribute('aria-invalid'), 'true');
  await page.getByRole('link', { name: 'Logs' }).click();
  await page.getByRole('button', { name: 'Stay' }).click();
  assert.equal(await page.getByLabel('Description').inputValue(), 'Second');
  await check(opened);
});

it('what is wrong with a rule is said at the field, with its name and the way out', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/network-acls/new`);
  await page.getByLabel('Priority').fill('101');
  await page.getByLabel('Action').selectOption('Redirect');
  await page.getByLabel('Add a criterion').selectOption('Hosts that are called');
  await page.getByRole('combobox', { name: 'Hosts that are called' }).fill('https://auth.example.com');
  await page.getByRole('combobox', { name: 'Hosts that are called' }).press('Enter');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('Description is required.').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'description'); // the first of them, far above the button
  await page.getByText('Priority must be at most 100.').waitFor();
  await page.getByText('“https://auth.example.com”: not a host name, such as auth.example.com.').waitFor();
  await check(opened);
  await page.getByLabel('Description').fill('Elsewhere');
  await page.getByLabel('Priority').fill('9');
  await page.getByRole('combobox', { name: 'Hosts that are called' }).press('Backspace');
  await page.getByRole('combobox', { name: 'Hosts that are called' }).fill('auth.example.com');
  await page.getByRole('combobox', { name: 'Hosts that are called' }).press('Enter');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('Redirect to is required.').waitFor();
  await page.getByLabel('Redirect to').fill('elsewhere');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('Redirect to: an address such as https://example.com/blocked.').waitFor();
  await page.getByLabel('Redirect to').fill('https://example.com/blocked');
  await page.getByLabel('Add a criterion').selectOption('Lists of Auth0');
  await page.getByRole('combobox', { name: 'Lists of Auth0' }).fill('nobody');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('Allowed curated list names are: auth0.low_reputation').waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
  await check(opened);
});

it('what the pages set counts: a limit of none, and a rule that blocks, refuse a token', async () => {
  await api.call('POST', 'resource-servers', { body: { name: 'Sheets', identifier: 'urn:sheets' } });
  const { client } = await api.caller('Caller', 'urn:sheets', []);
  assert.match((await api.token(client, 'urn:sheets')).access_token, /^ey/);
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/rate-limits/new`);
  await page.getByRole('radio', { name: 'One application' }).click();
  await page.getByRole('combobox', { name: 'Application' }).fill('caller');
  await page.getByRole('option', { name: 'Caller' }).click();
  await page.getByLabel('Requests per second').fill('0');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('link', { name: 'Caller' }).click();
  assert.equal((await api.token(client, 'urn:sheets')).error, 'too_many_requests');
  await page.getByRole('heading', { name: 'Caller' }).waitFor();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('The policy is deleted.').waitFor();
  assert.match((await api.token(client, 'urn:sheets')).access_token, /^ey/);

  await page.goto(`/manage/t/${tenant}/network-acls/new`);
  await page.getByLabel('Description').fill('No browsers');
  await page.getByLabel('Active').check();
  await page.getByLabel('Add a criterion').selectOption('User agents');
  await page.getByRole('combobox', { name: 'User agents' }).fill('HeadlessChrome');
  await page.getByRole('combobox', { name: 'User agents' }).press('Enter');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'No browsers' }).waitFor();
  assert.equal((await api.token(client, 'urn:sheets')).error, 'access_denied');
  await page.getByLabel('Active').uncheck();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Unsaved changes').waitFor({ state: 'detached' });
  assert.match((await api.token(client, 'urn:sheets')).access_token, /^ey/);
  await check(opened);
});

for (const role of /** @type {const} */ (['viewer', 'keys'])) {
  it(`the role ${role} sees limits and rules, and changes none`, async () => {
    const opened = await open({ role });
    const { page } = opened;
    await page.goto('/manage/t/dev/rate-limits');
    await page.getByRole('link', { name: 'Timesheets Import Job' }).click();
    await page.getByLabel('Requests per second').waitFor();
    assert.notEqual(await page.getByLabel('Requests per second').getAttribute('readonly'), null);
    assert(await page.getByLabel('Action').isDisabled());
    assert.equal(await page.getByRole('button', { name: 'Delete' }).count(), 0);
    await page.goto('/manage/t/dev/rate-limits/new');
    await page.getByText('Your role does not include this').waitFor();
    await page.goto('/manage/t/dev/network-acls');
    await page.getByRole('link', { name: 'Scrapers' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'Create rule' }).count(), 0);
    await page.getByRole('link', { name: 'Scrapers' }).click();
    await page.getByLabel('Description').waitFor();
    assert.notEqual(await page.getByLabel('Description').getAttribute('readonly'), null);
    assert(await page.getByLabel('Active').isDisabled());
    assert.equal(await page.getByLabel('Add a criterion').count(), 0);
    assert.equal(await page.getByRole('button', { name: 'Delete' }).count(), 0);
    await check(opened);
  });
}
