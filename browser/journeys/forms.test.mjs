// Every form says at the field what the API refuses, with the field's name and the way out, and keeps what was typed; script in names stays text.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { check, close, open } from '../harness.mjs';
import { freshTenant, tenantApi } from '../tenantapi.mjs';

after(close);

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Locator} Locator */

const script = `"><img src=x onerror=alert(1)>'`;

/** @type {string} */
let tenant;
/** @type {string} */
let clientID;
/** @type {string} */
let apiID;

before(async () => {
  const { page, context } = await open();
  tenant = await freshTenant(page);
  const { call, caller } = await tenantApi(page, tenant);
  const api = await call('POST', 'resource-servers', {
    body: { name: 'Meters', identifier: 'urn:meters', scopes: [{ value: 'read:meters', description: script }] },
  });
  apiID = api.id;
  clientID = (await caller(`Job ${script.replaceAll(/[<>]/g, '')}`, 'urn:meters', ['read:meters'])).client.client_id;
  await call('PATCH', `clients/${clientID}`, { body: { description: script, client_metadata: { tool: script } } });
  await call('PATCH', 'tenants/settings', { body: { friendly_name: script } });
  await context.close();
});

/**
 * Whether the field says that it is wrong, with words, and still has what was typed.
 * @param {Locator} field
 * @param {string} typed
 */
async function faulty(field, typed) {
  await field.and(field.page().locator('[aria-invalid=true]')).waitFor();
  assert.equal(await field.inputValue(), typed);
  const described = ((await field.getAttribute('aria-describedby')) ?? '').split(' ').filter(Boolean);
  const said = await Promise.all(described.map((id) => field.page().locator(`[id="${id}"]`).textContent()));
  assert.ok(
    said.some((text) => text?.trim()),
    'the fault has no words',
  );
}

it('in dialogs that create', async () => {
  const opened = await open();
  const { page } = opened;
  const dialog = page.getByRole('dialog');
  await page.goto(`/manage/t/${tenant}/apis`);
  await page.getByRole('button', { name: 'Create API' }).click();
  await dialog.getByLabel('Name').fill('Meters again');
  await dialog.getByLabel('Identifier').fill('urn:meters');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await faulty(dialog.getByLabel('Identifier'), 'urn:meters');
  await dialog.getByLabel('Name').fill('<b>Meters</b>');
  await dialog.getByLabel('Identifier').fill('urn:others');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await faulty(dialog.getByLabel('Name'), '<b>Meters</b>');
  await check(opened);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });

  await page.goto(`/manage/t/${tenant}/applications`);
  await page.getByRole('button', { name: 'Create application' }).click();
  await dialog.getByLabel('Name').fill('<script>');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await faulty(dialog.getByLabel('Name'), '<script>');
  await dialog.getByText('Name: text without < and >.').waitFor();
  await check(opened);
});

it('a dialog that creates is not left by a slip once something was typed', async () => {
  const opened = await open();
  const { page } = opened;
  const name = page.getByRole('dialog', { name: 'Create an API' }).getByLabel('Name');
  const asked = page.getByRole('dialog', { name: 'Leave without saving?' });
  /** It stands there, and hears keys. */
  const questioned = async () => {
    await asked.waitFor();
    await page.waitForFunction(() => document.activeElement?.textContent === 'Stay');
  };
  /** It is gone, and the focus is where it was. */
  const answered = async () => {
    await asked.waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'name');
  };
  await page.goto(`/manage/t/${tenant}/map`);
  await page.getByRole('link', { name: 'APIs' }).click();
  await page.getByRole('button', { name: 'Create API' }).click();
  await page.keyboard.press('Escape');
  await name.waitFor({ state: 'detached' }); // nothing to lose
  await page.getByRole('button', { name: 'Create API' }).click();
  await name.fill('Typed');
  await page.keyboard.press('Control+k');
  assert.equal(await page.getByRole('dialog').count(), 1, 'nothing is searched above a dialog');
  await page.keyboard.press('Escape');
  await questioned();
  await check(opened);
  await page.keyboard.press('Escape'); // stays, and is not asked again
  await answered();
  assert.equal(await name.inputValue(), 'Typed');
  await page.goBack();
  await questioned();
  await page.keyboard.press('Escape');
  await answered();
  await page.mouse.click(5, 5);
  await questioned();
  await page.mouse.click(5, 5);
  await answered();
  await page.keyboard.press('Escape');
  await asked.getByRole('button', { name: 'Leave' }).click();
  await name.waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement?.textContent === 'Create API');
  await page.getByRole('link', { name: 'Map' }).click();
  await page.getByRole('heading', { name: 'Map' }).waitFor(); // nothing stands guard any more
});

it('a question ends with what it is about, and nothing is asked beneath a session that is over', async () => {
  const opened = await open();
  const { page, context } = opened;
  const dialog = page.getByRole('dialog', { name: 'Create an organization' });
  await page.goto(`/manage/t/${tenant}/organizations`);
  await page.getByRole('button', { name: 'Create organization' }).first().click();
  await dialog.getByLabel('Name', { exact: true }).fill('slow');
  let answer = () => {};
  const held = new Promise((go) => {
    answer = () => go(undefined);
  });
  await page.route('**/api/v2/organizations', async (route) => {
    await held;
    await route.continue();
  });
  await dialog.getByRole('button', { name: 'Create' }).click();
  assert.ok(await dialog.getByRole('button', { name: 'Cancel' }).isDisabled());
  await page.keyboard.press('Escape');
  const asked = page.getByRole('dialog', { name: 'Leave while it is being created?' });
  await asked.waitFor();
  answer();
  await page.getByRole('heading', { name: 'slow' }).waitFor();
  await asked.waitFor({ state: 'detached' });
  await page.unroute('**/api/v2/organizations');

  await page.goto(`/manage/t/${tenant}/organizations`);
  await page.getByRole('button', { name: 'Create organization' }).click();
  await dialog.getByLabel('Name', { exact: true }).fill('typed');
  const cookies = await context.cookies();
  await context.clearCookies();
  await page.route('**/api/v2/**', (route) => route.fulfill({ status: 401, json: { statusCode: 401, message: 'Invalid token' } }), {
    times: 1,
  });
  await dialog.getByRole('button', { name: 'Create' }).click();
  const over = page.getByRole('dialog', { name: 'Your session has ended' });
  await over.waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  assert.equal(await page.getByRole('dialog').count(), 2, 'the session’s and the form');
  await context.addCookies(cookies);
  await over.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('heading', { name: 'typed' }).waitFor();
  await check(opened);
});

it('in settings, where the bar stays with what is not saved', async () => {
  const opened = await open();
  const { page } = opened;
  const save = () => page.getByRole('button', { name: 'Save changes' }).click();
  await page.goto(`/manage/t/${tenant}/applications/${clientID}?tab=settings`);
  await page.getByLabel('Logo').fill('no address');
  await save();
  await faulty(page.getByLabel('Logo'), 'no address');
  await page.getByText('Logo: an address such as https://example.com/logo.png.').waitFor();
  await page.getByText('Unsaved changes').waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();
  await check(opened);

  await page.goto(`/manage/t/${tenant}/settings`);
  await page.getByLabel('Support URL').fill('nowhere');
  await save();
  await faulty(page.getByLabel('Support URL'), 'nowhere');
  await page.getByRole('button', { name: 'Discard' }).click();
  await check(opened);
});

it('in fields for numbers, which nothing changes but who types', async () => {
  const opened = await open();
  const { page } = opened;
  const life = page.getByLabel('Lifetime in seconds');
  const save = () => page.getByRole('button', { name: 'Save changes' }).click();
  await page.goto(`/manage/t/${tenant}/apis/${apiID}?tab=settings`);
  for (const [typed, said] of [
    ['-5', 'Lifetime in seconds must be at least 0.'],
    ['99,999,999', 'Lifetime in seconds must be at most 2,592,000.'],
    ['', 'Lifetime in seconds is required: a number.'],
  ]) {
    await life.fill(typed);
    await save();
    await page.getByText(said).waitFor();
    await faulty(life, typed);
  }
  await page.getByRole('button', { name: 'Discard' }).click();
  await check(opened);
});

it('where a permission is added', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/apis/${apiID}?tab=permissions`);
  const permission = page.getByLabel('Permission', { exact: true });
  for (const wrong of ['read:meters', 'read meters']) {
    await permission.fill(wrong);
    await page.getByRole('button', { name: 'Add' }).click();
    await faulty(permission, wrong);
  }
  await permission.fill('x'.repeat(281));
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByText('Permission may have at most 280 characters.').waitFor();
  const description = page.getByLabel('Description', { exact: true });
  await permission.fill('read:others');
  await description.fill('x'.repeat(501));
  await page.getByRole('button', { name: 'Add' }).click();
  await faulty(description, 'x'.repeat(501));
  await page.getByText('Description may have at most 500 characters.').waitFor();
  await check(opened);
});

it('script in names stays text on every page', async () => {
  const opened = await open();
  const { page } = opened;
  for (const path of [
    'start',
    'applications',
    `applications/${clientID}?tab=quickstart`,
    `applications/${clientID}?tab=settings`,
    `applications/${clientID}?tab=apis`,
    `applications/${clientID}?tab=logs`,
    `apis/${apiID}?tab=permissions`,
    `apis/${apiID}?tab=applications`,
    `apis/${apiID}?tab=test`,
    'map',
    'map?view=list',
    'activity',
    'logs',
    'settings',
  ]) {
    await page.goto(`/manage/t/${tenant}/${path}`);
    await page.locator('main h1').waitFor();
    await page.locator('main [aria-busy=true]').waitFor({ state: 'detached' });
    assert.equal(await page.locator('img[src=x]').count(), 0, path);
    assert.deepEqual(opened.complaints, [], path);
  }
  await check(opened);
});

it('a name of any length leaves the page to be used', async () => {
  const opened = await open({ width: 390 });
  const { page } = opened;
  const { call } = await tenantApi(page, tenant);
  const { client_id: id } = await call('POST', 'clients', { body: { name: 'Long'.repeat(2500), app_type: 'non_interactive' } });
  await page.goto(`/manage/t/${tenant}/applications/${id}`);
  const tab = await page.getByRole('tab', { name: 'Quickstart' }).boundingBox();
  assert(tab && tab.y < 500, `the tabs begin at ${tab?.y} px`);
  await check(opened);
  await call('DELETE', `clients/${id}`);
});
