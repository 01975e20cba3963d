// Organizations: made, changed, opened to applications, closed again, deleted; and what a token says meanwhile.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { check, close, look, open } from '../harness.mjs';
import { claimsOf, freshTenant, tenantApi } from '../tenantapi.mjs';

after(close);

/** @type {string} */
let tenant;
/** @type {Awaited<ReturnType<typeof tenantApi>>} */
let api;
/** @type {Awaited<ReturnType<Awaited<ReturnType<typeof tenantApi>>["caller"]>>} */
let importer;

const audience = 'urn:timesheets';

before(async () => {
  const { page } = await open({ shared: true });
  tenant = await freshTenant(page);
  api = await tenantApi(page, tenant);
  await api.call('POST', 'resource-servers', { body: { name: 'Timesheets', identifier: audience, scopes: [{ value: 'read:sheets' }] } });
  importer = await api.caller('Importer', audience, ['read:sheets']);
});

/** The id of an organization. @param {string} name */
async function idOf(name) {
  return (await api.call('GET', `organizations/name/${name}`)).id;
}

it('one is created; what the API says of its name stands at the field', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/organizations`);
  await page.getByText('No organizations yet').waitFor();
  await check(opened);
  await page.getByRole('button', { name: 'Create organization' }).first().click();
  const dialog = page.getByRole('dialog');
  const name = dialog.getByRole('textbox', { name: 'Name', exact: true });
  await name.fill('ACME inc');
  assert.equal(await name.inputValue(), 'acme inc');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.getByText('Name: lower-case letters, digits, underscores and dashes').waitFor();
  assert.equal(await name.getAttribute('aria-invalid'), 'true');
  await name.fill('acme');
  await dialog.getByLabel('Display name').fill('<b>Acme</b> & "Sons"');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: '<b>Acme</b> & "Sons"' }).waitFor();
  await page.waitForURL(`**/organizations/${await idOf('acme')}`);

  await page.getByRole('link', { name: 'Organizations' }).last().click();
  await page.getByRole('link', { name: '<b>Acme</b> & "Sons"' }).waitFor();
  await page.getByRole('button', { name: 'Create organization' }).click();
  await name.fill('acme');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.getByText('An organization with this name already exists.').waitFor();
  assert.equal(await name.getAttribute('aria-invalid'), 'true');
  await check(opened);
});

it('its names and metadata are changed, and a name that is taken is said at the field', async () => {
  await api.call('POST', 'organizations', { body: { name: 'globex' } });
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/organizations`);
  await page.getByRole('link', { name: 'globex' }).click();
  const name = page.getByRole('textbox', { name: 'Name', exact: true });
  await name.fill('acme');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('An organization with this name already exists.').waitFor();
  assert.equal(await name.getAttribute('aria-invalid'), 'true');
  await name.fill('globex-2');
  await page.getByLabel('Display name').fill('Globex');
  for (const [i, [key, value]] of [
    ['plan', 'gold'],
    ['region', 'eu'],
  ].entries()) {
    await page.getByRole('button', { name: 'Add a pair' }).click();
    await page.getByLabel(`Name ${i + 1}`).fill(key ?? '');
    await page.getByLabel(`Value ${i + 1}`).fill(value ?? '');
  }
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByRole('heading', { name: 'Globex', exact: true }).waitFor(); // not globex, as it was
  assert.deepEqual((await api.call('GET', 'organizations/name/globex-2')).metadata, { plan: 'gold', region: 'eu' });
  await page.getByRole('button', { name: 'Remove plan' }).click();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Unsaved changes').waitFor({ state: 'detached' });
  assert.deepEqual((await api.call('GET', 'organizations/name/globex-2')).metadata, { region: 'eu' });
  await check(opened);
});

it('access is added to an application whose grant supported none, its token names the organization, and it is taken away again', async () => {
  const organization = await idOf('acme');
  const refused = await api.token(importer.client, audience, undefined, organization);
  assert.equal(refused.error, 'invalid_request');
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/organizations/${organization}?tab=access`);
  await page.getByText('No application has access yet').waitFor();
  await check(opened);
  await page.getByRole('button', { name: 'Add access' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Application' }).and(page.locator(':focus')).waitFor();
  await look(opened, 'add-access');
  await page.keyboard.type('impo');
  await page.getByRole('option', { name: 'Importer' }).click();
  await dialog.getByText('The grant supports none so far').waitFor();
  assert.equal(await dialog.getByLabel('Organization support').inputValue(), 'allow');
  await check(opened);
  await dialog.getByRole('button', { name: 'Add access' }).click();
  await page.getByRole('cell', { name: 'Optional' }).waitFor();
  await page.getByRole('link', { name: 'Importer' }).waitFor();
  assert.equal(claimsOf((await api.token(importer.client, audience, undefined, organization)).access_token).org_id, organization);

  await page.getByRole('button', { name: 'Remove the access of Importer to urn:timesheets' }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await page.getByText('No application has access yet').waitFor();
  const again = await api.token(importer.client, audience, undefined, organization);
  assert.equal(again.error, 'invalid_request');
  await check(opened);
});

it('an application without grants is told where to get one', async () => {
  const { client_id } = await api.call('POST', 'clients', { body: { name: 'Idle', app_type: 'non_interactive' } });
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/organizations/${await idOf('acme')}?tab=access`);
  await page.getByRole('button', { name: 'Add access' }).click();
  await page.getByRole('combobox', { name: 'Application' }).fill(client_id);
  await page.getByRole('option', { name: 'Idle' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'APIs tab' }).click();
  await page.waitForURL(`**/applications/${client_id}?tab=apis`);
  await check(opened);
});

it('a grant is opened to any organization; where it requires one, the application’s default stands in', async () => {
  const organization = await idOf('acme');
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/applications/${importer.client.client_id}?tab=apis`);
  await page.getByRole('button', { name: 'Permissions of Timesheets' }).click();
  await page.getByLabel('Organization support').selectOption('Required');
  await page.getByLabel('Access to any organization').check();
  await page.getByRole('button', { name: 'Update' }).click();
  await page.getByText('The authorization for Timesheets is updated.').waitFor();
  await check(opened);

  await page.getByRole('tab', { name: 'Organizations' }).click();
  await page.getByRole('cell', { name: 'Any', exact: true }).waitFor();
  assert.equal((await api.token(importer.client, audience)).error, 'invalid_request');
  await page.getByLabel('Organization', { exact: true }).selectOption('<b>Acme</b> & "Sons"');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Unsaved changes').waitFor({ state: 'detached' });
  assert.equal(claimsOf((await api.token(importer.client, audience)).access_token).org_id, organization);
  await check(opened);

  await page.goto(`/manage/t/${tenant}/organizations/${organization}?tab=access`);
  await page.getByRole('table', { name: 'Applications with access to any organization' }).getByRole('link', { name: 'Importer' }).waitFor();
  await page.getByRole('tab', { name: 'Logs' }).click();
  await page.getByRole('table', { name: 'Events' }).getByText('Importer', { exact: true }).first().waitFor();
  await check(opened);
});

it('permissions and support of a grant are changed each alone', async () => {
  const { id } = importer.grant;
  await api.call('PATCH', `client-grants/${id}`, { body: { scope: [], allow_any_organization: true, organization_usage: 'allow' } });
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/applications/${importer.client.client_id}?tab=apis`);
  await page.getByRole('button', { name: 'Permissions of Timesheets' }).click();
  await page.getByLabel('read:sheets').check();
  const [request] = await Promise.all([
    page.waitForRequest((r) => r.method() === 'PATCH'),
    page.getByRole('button', { name: 'Update' }).click(),
  ]);
  assert.deepEqual(request.postDataJSON(), { scope: ['read:sheets'] });
  await page.getByText('The authorization for Timesheets is updated.').waitFor();
  await check(opened);
});

it('a list is searched by name and id, and the search is in the address', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/organizations`);
  await page.getByLabel('Search organizations').fill('GLOBEX-2');
  await page.waitForURL('**/organizations?search=GLOBEX-2');
  const rows = page.getByRole('table', { name: 'Organizations' }).locator('tbody tr');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
  assert.match((await rows.textContent()) ?? '', /Globex/);
  await page.reload();
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
  await page.getByLabel('Search organizations').fill('nobody');
  await page.getByText('No organizations found').waitFor();
  await check(opened);
});

it('it is deleted after its name was typed', async () => {
  const id = await idOf('acme');
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/organizations/${id}`);
  await page.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  assert(await dialog.getByRole('button', { name: 'Delete' }).isDisabled());
  await dialog.getByLabel('Type acme to confirm').fill('acme');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('link', { name: 'Globex' }).waitFor();
  await page.goto(`/manage/t/${tenant}/organizations/${id}`);
  await page.getByText('No organization found by that id or name').waitFor();
  assert.equal((await api.call('GET', `clients/${importer.client.client_id}`)).default_organization, undefined);
  await check(opened);
});

for (const role of /** @type {const} */ (['viewer', 'keys'])) {
  it(`the role ${role} sees organizations and changes nothing`, async () => {
    const opened = await open({ role });
    const { page } = opened;
    await page.goto('/manage/t/dev/organizations');
    await page.getByRole('link', { name: 'Acme Inc.' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Create organization' }).count(), 0);
    await page.getByRole('link', { name: 'Acme Inc.' }).click();
    assert.notEqual(await page.getByRole('textbox', { name: 'Name', exact: true }).getAttribute('readonly'), null);
    assert.equal(await page.getByRole('button', { name: 'Add a pair' }).count(), 0);
    assert.equal(await page.getByText('Danger zone').count(), 0);
    await page.getByRole('tab', { name: 'Machine-to-Machine Access' }).click();
    await page.getByRole('link', { name: 'Timesheets Import Job' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Add access' }).count(), 0);
    assert.equal(await page.getByRole('button', { name: /^Remove/ }).count(), 0);
    await page.getByRole('link', { name: 'Timesheets Import Job' }).click();
    await page.getByRole('button', { name: 'Permissions of Timesheets' }).click();
    assert(await page.getByLabel('Organization support').isDisabled());
    await page.getByRole('tab', { name: 'Organizations' }).click();
    await page.getByRole('link', { name: 'Acme Inc.' }).waitFor();
    assert(await page.getByLabel('Organization', { exact: true }).isDisabled());
    await check(opened);
  });
}

it('the role organizations makes, changes, opens, closes and deletes organizations, and changes nothing else', async () => {
  const opened = await open({ role: 'organizations' });
  const { page } = opened;
  const name = `emporium-${Date.now().toString(36)}`;
  await page.goto('/manage/t/dev/organizations');
  await page.getByRole('button', { name: 'Create organization' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name }).waitFor();
  await page.getByLabel('Display name').fill(`The ${name}`);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByRole('heading', { name: `The ${name}` }).waitFor();
  await page.getByText('Danger zone').waitFor();
  await check(opened);

  await page.getByRole('tab', { name: 'Machine-to-Machine Access' }).click();
  await page.getByRole('button', { name: 'Add access' }).click();
  await dialog.getByRole('combobox', { name: 'Application' }).fill('timesheets');
  await page.getByRole('option', { name: 'Timesheets Import Job' }).click();
  // What the grant supports is the client grant's: the role may not change it.
  assert(await dialog.getByLabel('Organization support').isDisabled());
  await dialog.getByRole('button', { name: 'Add access' }).click();
  await page.getByRole('link', { name: 'Timesheets Import Job' }).waitFor();
  await check(opened);
  await page.getByRole('button', { name: /^Remove the access of Timesheets Import Job/ }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await page.getByText('No application has access yet').waitFor();

  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByLabel(`Type ${name} to confirm`).fill(name);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('link', { name: 'Acme Inc.' }).waitFor();
  await page.getByRole('link', { name: `The ${name}` }).waitFor({ state: 'detached' });

  await page.goto('/manage/t/dev/applications');
  await page.getByRole('link', { name: 'Timesheets Import Job' }).click();
  assert.equal(await page.getByRole('button', { name: 'Create application' }).count(), 0);
  await page.getByRole('tab', { name: 'APIs' }).click();
  await page.getByRole('button', { name: 'Permissions of Timesheets' }).click();
  assert(await page.getByLabel('Organization support').isDisabled());
  await page.getByRole('tab', { name: 'Organizations' }).click();
  await page.getByRole('link', { name: 'Acme Inc.' }).waitFor();
  assert(await page.getByLabel('Organization', { exact: true }).isDisabled());
  await check(opened);
});
