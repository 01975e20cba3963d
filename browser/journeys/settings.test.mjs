// Settings of the tenant: what is saved is what the Management API has, keys change hands and end, and a tenant goes for good.

import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { check, close, open } from '../harness.mjs';
import { freshTenant, tenantApi } from '../tenantapi.mjs';

after(close);

/** @typedef {import('playwright-core').Page} Page */

/** @param {Page} page */
async function save(page) {
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Unsaved changes').waitFor({ state: 'detached' });
}

it('general and advanced settings are those of the Management API, the tag at once', async () => {
  const opened = await open();
  const { page } = opened;
  const tenant = await freshTenant(page);
  const { call } = await tenantApi(page, tenant);
  await call('POST', 'resource-servers', { body: { name: 'Meters', identifier: 'urn:meters' } });
  await page.goto(`/manage/t/${tenant}/settings`);
  await page.getByLabel('Environment').selectOption('staging');
  await page.getByText(`${tenant} is tagged staging.`).waitFor();
  assert.equal((await call('GET', 'writ/tenant')).environment, 'staging');
  await page.getByLabel('Friendly name').fill('Meters & more');
  await page.getByLabel('Support email').fill('nope');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Support email: an address such as support@example.com.').waitFor();
  assert.notEqual((await call('GET', 'tenants/settings')).friendly_name, 'Meters & more');
  await page.getByLabel('Support email').fill('support@example.com');
  await page.getByLabel('Default audience').selectOption('urn:meters');
  await save(page);
  await page.getByRole('tab', { name: 'Advanced' }).click();
  await page.getByLabel('Resource parameter').selectOption('compatibility');
  await page.getByLabel('Names of organizations').setChecked(true, { force: true });
  await save(page);
  const settings = await call('GET', 'tenants/settings');
  assert.deepEqual(
    [
      settings.friendly_name,
      settings.support_email,
      settings.default_audience,
      settings.resource_parameter_profile,
      settings.allow_organization_name_in_authentication_api,
    ],
    ['Meters & more', 'support@example.com', 'urn:meters', 'compatibility', true],
  );
  await check(opened);
});

it('the next key takes its turn, and old ones are revoked', async () => {
  const opened = await open();
  const { page } = opened;
  const tenant = await freshTenant(page);
  // With a new bearer each time: the one before may be signed by a key that is revoked now.
  const keys = async () => (await tenantApi(page, tenant)).call('GET', 'keys/signing');
  const current = async () => (await keys()).find((/** @type {{ current: boolean }} */ k) => k.current).kid;
  const revoked = async () => (await keys()).filter((/** @type {{ revoked: boolean }} */ k) => k.revoked).length;
  const first = await current();
  await page.goto(`/manage/t/${tenant}/settings?tab=keys`);
  await page.getByRole('button', { name: 'Rotate', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate', exact: true }).click();
  await page.getByText('Previous', { exact: true }).waitFor();
  assert.notEqual(await current(), first);

  await page.getByRole('button', { name: 'Revoke', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
  await page.getByText('Revoked', { exact: true }).waitFor();
  assert.equal(await revoked(), 1);

  // When the second half fails, trying again does not rotate once more.
  await page.getByRole('button', { name: 'Rotate and revoke' }).click();
  const dialog = page.getByRole('dialog');
  assert(await dialog.getByRole('button', { name: 'Rotate and revoke' }).isDisabled());
  await dialog.getByRole('textbox').fill('revoke');
  await page.route('**/keys/signing/*/revoke', (route) => route.abort(), { times: 1 });
  await dialog.getByRole('button', { name: 'Rotate and revoke' }).click();
  await dialog.getByText('writ cannot be reached').waitFor();
  const third = await current();
  await dialog.getByRole('button', { name: 'Revoke', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.deepEqual([await current(), await revoked()], [third, 2]);
  await check(opened);
});

it('an owner deletes a tenant by its name, and nobody else is offered to', async () => {
  const opened = await open({ alone: true });
  const { page } = opened;
  const tenant = await freshTenant(page);
  await page.goto(`/manage/t/${tenant}/settings?tab=advanced`);
  await page.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  assert(await dialog.getByRole('button', { name: 'Delete' }).isDisabled());
  await dialog.getByRole('textbox').fill(tenant);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.waitForURL((url) => !url.pathname.includes(tenant));
  await page.goto(`/manage/t/${tenant}/settings`);
  await page.getByText('There is no such tenant among yours').waitFor();
  assert.deepEqual(opened.complaints, []);

  const admin = await open({ role: 'admin' });
  await admin.page.goto('/manage/t/dev/settings?tab=advanced');
  await admin.page.getByLabel('Resource parameter').waitFor();
  assert.equal(await admin.page.getByText('Danger zone').count(), 0);
  await check(admin);
});

it('on a narrow screen the tab that is shown is in sight, and a member has room for the name and the role', async () => {
  const opened = await open({ width: 390 });
  const { page } = opened;
  await page.goto('/manage/t/dev/settings?tab=advanced');
  await page.getByLabel('Resource parameter').waitFor();
  const tab = await page.getByRole('tab', { name: 'Advanced' }).boundingBox();
  assert(tab && tab.x >= 0 && tab.x + tab.width <= 390, `the tab stands at ${JSON.stringify(tab)}`);
  await page.goto('/manage/t/dev/settings?tab=members');
  const role = await page.getByRole('table', { name: 'Members' }).getByRole('combobox').first().boundingBox();
  assert(role && role.width > 200, `the role has ${role?.width} px`);
  await check(opened);
});
