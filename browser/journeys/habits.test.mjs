// What every form and every list does when things go wrong: nothing that was typed is lost, and each failure says what to do.

import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { check, close, open } from '../harness.mjs';
import { tenantApi } from '../tenantapi.mjs';

after(close);

/**
 * Opens the settings of the Timesheets API.
 * @param {import('playwright-core').Page} page
 */
async function openSettings(page) {
  await page.goto('/manage/t/dev/apis');
  await page.getByRole('link', { name: 'Timesheets', exact: true }).click();
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByLabel('Lifetime in seconds').waitFor();
}

it('what is wrong is said at its field, with its name, and what was typed stays', async () => {
  const opened = await open();
  const { page } = opened;
  await openSettings(page);
  const lifetime = page.getByLabel('Lifetime in seconds');
  await lifetime.fill('99999999');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Lifetime in seconds must be at most 2,592,000.').waitFor();
  assert.match(await lifetime.inputValue(), /99\D?999\D?999/);
  assert.equal(await lifetime.getAttribute('aria-invalid'), 'true');
  await lifetime.fill('7200');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Unsaved changes').waitFor({ state: 'detached' });
  await page.reload();
  await page.getByText('That is 2 hours.').waitFor();
  await check(opened);
});

it('a session that ends while one types is taken up again, and the save goes through', async () => {
  const opened = await open();
  const { page, context } = opened;
  await openSettings(page);
  await page.getByLabel('Name').fill('Timesheets of all');
  const cookies = await context.cookies();
  await context.clearCookies();
  // The bearer lives on for minutes; a refusal of it makes the page ask for a new one.
  await page.route('**/api/v2/**', (route) => route.fulfill({ status: 401, json: { statusCode: 401, message: 'Invalid token' } }), {
    times: 1,
  });
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Your session has ended').waitFor();
  await page.keyboard.press('Escape'); // what waits would wait for ever
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByText('There is no session yet.').waitFor();
  await context.addCookies(cookies);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('heading', { name: 'Timesheets of all' }).waitFor();
  await page.getByLabel('Name').fill('Timesheets');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByRole('heading', { name: 'Timesheets', exact: true }).waitFor();
  await check(opened);
});

it('without a network the save fails with what was typed, and can be tried again', async () => {
  const opened = await open();
  const { page, context } = opened;
  await page.goto('/manage/t/dev/settings');
  const name = page.getByLabel('Friendly name');
  await name.fill('The company');
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('writ cannot be reached').waitFor();
  assert.equal(await name.inputValue(), 'The company');
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Unsaved changes').waitFor({ state: 'detached' });
  await page.reload();
  await page.waitForFunction(() => document.querySelector('input[name=friendly_name]')?.getAttribute('value') === 'The company');
  await check(opened);
});

it('two people who change different properties both keep theirs; for the same one the second is asked', async () => {
  const [first, second] = [await open(), await open()];
  for (const { page } of [first, second]) {
    await page.goto('/manage/t/dev/settings');
    await page.getByLabel('Support email').waitFor();
  }
  await first.page.getByLabel('Support email').fill('first@example.com');
  await first.page.getByRole('button', { name: 'Save changes' }).click();
  await first.page.getByText('Unsaved changes').waitFor({ state: 'detached' });

  await second.page.getByLabel('Support URL').fill('https://example.com/help');
  await second.page.getByRole('button', { name: 'Save changes' }).click();
  await second.page.getByText('Unsaved changes').waitFor({ state: 'detached' });
  assert.equal(await second.page.getByLabel('Support email').inputValue(), 'first@example.com');

  await first.page.getByLabel('Support URL').fill('https://example.com/first');
  await first.page.getByRole('button', { name: 'Save changes' }).click();
  await first.page.getByText('Somebody else has changed this meanwhile').waitFor();
  await check(first);
  await first.page.getByRole('button', { name: 'Save mine' }).click();
  await first.page.getByText('Unsaved changes').waitFor({ state: 'detached' });
  await second.page.reload();
  await second.page.waitForFunction(
    () => document.querySelector('input[name=support_url]')?.getAttribute('value') === 'https://example.com/first',
  );
  await check(second);
});

it('unsaved changes are not left by a link or by going back without asking', async () => {
  const opened = await open();
  const { page } = opened;
  await openSettings(page);
  const name = page.getByLabel('Name');
  await name.fill('Something else');
  await page.getByRole('link', { name: 'Logs' }).click();
  await page.getByRole('button', { name: 'Stay' }).click();
  assert.equal(await name.inputValue(), 'Something else');
  await page.getByRole('button', { name: /^Tenant:\s*dev/ }).click();
  await page.getByRole('button', { name: 'Create a tenant' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create a tenant' });
  await dialog.waitFor();
  await page.keyboard.press('Escape'); // which leaves the dialog alone, and the page in its guard
  await dialog.waitFor({ state: 'detached' });
  await page.goBack(); // to another tab of the same API
  await page.getByRole('button', { name: 'Stay' }).click();
  assert.equal(await name.inputValue(), 'Something else');
  await page.getByRole('tab', { name: 'Permissions' }).click();
  await page.getByRole('button', { name: 'Stay' }).click();
  assert.equal(await name.inputValue(), 'Something else');
  await page.getByRole('link', { name: 'Logs' }).click();
  await page.getByRole('button', { name: 'Leave' }).click();
  await page.getByRole('heading', { name: 'Logs' }).waitFor();
  await check(opened);
});

it('too many requests: the page says how long to wait', async () => {
  const opened = await open();
  const { page } = opened;
  await page.route(
    '**/api/v2/resource-servers?**',
    (route) =>
      route.fulfill({ status: 429, headers: { 'Retry-After': '2' }, json: { statusCode: 429, message: 'Global limit has been reached' } }),
    { times: 1 },
  );
  await page.goto('/manage/t/dev/apis');
  await page.getByText('Too many requests').waitFor();
  await page.getByRole('button', { name: 'Try again', exact: true }).click();
  await page.getByRole('link', { name: 'Timesheets', exact: true }).waitFor();
  await check(opened);
});

it('a viewer sees no secrets and no buttons that would be refused', async () => {
  const opened = await open({ role: 'viewer' });
  const { page } = opened;
  await page.goto('/manage/t/dev/applications');
  await page.getByRole('link', { name: 'Timesheets Import Job' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Create application' }).count(), 0);
  await page.getByRole('link', { name: 'Timesheets Import Job' }).click();
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByLabel('Name').waitFor();
  assert.notEqual(await page.getByLabel('Name').getAttribute('readonly'), null);
  assert.equal(await page.getByText('Danger zone').count(), 0);
  await page.getByRole('tab', { name: 'Credentials' }).click();
  await page.getByText('Your role does not show secrets.').waitFor();
  await page.getByRole('tab', { name: 'APIs' }).click();
  assert(await page.getByLabel('Authorize Timesheets').isDisabled());
  await check(opened);
});

it('an unknown tenant, a lost application and a query that cannot be read have words of their own', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto('/manage/t/nobody/logs');
  await page.getByText('There is no such tenant among yours').waitFor();
  await page.goto('/manage/t/dev/applications/nobody');
  await page.getByText('The client does not exist').waitFor();
  await page.goto('/manage/t/dev/logs?q=type%3A%28');
  await page.getByText('The query cannot be read').waitFor();
  await check(opened);
});

it('tenants are switched and made, and the theme stays', async () => {
  const opened = await open({ alone: true });
  const { page } = opened;
  await page.goto('/manage/t/dev/logs');
  await page.getByRole('button', { name: /^Tenant:\s*dev/ }).click();
  await page.getByRole('link', { name: /^acme-production/ }).click();
  await page.waitForURL('**/manage/t/acme-production/start');
  await page.getByRole('button', { name: /^Tenant:\s*acme-production/ }).click();
  await page.getByRole('button', { name: 'Create a tenant' }).click();
  await page.getByLabel('Name').fill('dev');
  await page.getByText('This name is taken.').waitFor();
  const name = `acme-${Date.now().toString(36)}`;
  await page.getByLabel('Name').fill(name);
  await page.getByText(`${name} is free.`).waitFor();
  await page.keyboard.press('Escape');
  const asked = page.getByRole('dialog', { name: 'Leave without saving?' });
  await asked.getByRole('button', { name: 'Leave' }).click();
  await page.waitForFunction(() => document.activeElement?.textContent?.startsWith('Tenant:'));
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Create a tenant' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByText(`${name} is free.`).waitFor();
  await page.getByRole('dialog').getByText('Staging', { exact: true }).click();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.waitForURL(`**/manage/t/${name}/**`);

  await page.getByRole('button', { name: /^Account:/ }).click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await page.reload();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.mantineColorScheme), 'dark');
  await page.getByRole('button', { name: /^Account:/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL(/\/manage\/signin/);
  assert.deepEqual(opened.complaints, []);
});

it('the whole way can be gone by keyboard', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto('/manage/t/dev/applications');
  await page.getByRole('link', { name: 'Timesheets Import Job' }).waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to the page');
  await page.keyboard.press('Control+k');
  await page.waitForFunction(() => document.activeElement?.getAttribute('placeholder')?.startsWith('Search pages'));
  await page.keyboard.type('invoices');
  await page.getByRole('dialog').getByText('https://invoices.example.com').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Invoices' }).waitFor();
  await check(opened);
});

it('the search finds every page of the sidebar, and organizations by both names where the role may read them', async () => {
  const opened = await open();
  const { page } = opened;
  const search = page.getByRole('dialog').getByRole('textbox', { name: 'Search' });
  await page.goto('/manage/t/dev/map');
  await page.getByRole('heading', { name: 'Map', level: 1 }).waitFor();
  const labels = await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allTextContents();
  assert.ok(labels.length > 13, `${labels}`);
  await page.keyboard.press('Control+k');
  for (const label of labels) {
    await page.getByRole('dialog').getByRole('button', { name: label, exact: true }).waitFor(); // nothing is typed: they all stand there
  }
  for (const words of ['globex corp', 'GLOBEX']) {
    await search.fill(words);
    await page.getByRole('dialog').getByText('Globex Corporation').waitFor();
  }
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Globex Corporation' }).waitFor();

  const api = await tenantApi(page, 'dev');
  const made = await api.call('POST', 'organizations', { body: { name: 'umbrella' } });
  await page.keyboard.press('Control+k');
  await search.fill('umbrella');
  await page.getByRole('dialog').getByRole('button', { name: 'umbrella' }).waitFor(); // made after the first search
  await check(opened);
  await api.call('DELETE', `organizations/${made.id}`);

  await page.route('**/manage/token', async (route) => {
    const answer = await route.fetch();
    const bearer = await answer.json();
    const scope = bearer.scope.split(' ').filter((/** @type {string} */ s) => s !== 'read:organizations');
    await route.fulfill({ response: answer, json: { ...bearer, scope: scope.join(' ') } });
  });
  await page.goto('/manage/t/dev/apis');
  await page.getByRole('link', { name: 'Invoices' }).waitFor();
  /** @type {string[]} */
  const asked = [];
  page.on('request', (request) => void asked.push(new URL(request.url()).pathname));
  await page.keyboard.press('Control+k');
  await search.fill('invoices');
  await page.getByRole('dialog').getByText('https://invoices.example.com').waitFor();
  await search.fill('globex');
  await page.getByText('Nothing of this name').waitFor();
  assert.deepEqual(
    asked.filter((path) => path.endsWith('/organizations')),
    [],
  );

  // What cannot be read is not said to be not there; what was read before is found.
  await page.keyboard.press('Escape');
  await opened.context.setOffline(true);
  await page.keyboard.press('Control+k');
  await search.fill('invoices');
  await page.getByRole('dialog').getByText('https://invoices.example.com').waitFor();
  await search.fill('globex');
  await page.getByText('The other names could not be read: writ cannot be reached.').waitFor();
  await opened.context.setOffline(false);
  await search.fill('globex-2');
  await page.getByText(/^Nothing of this name$/).waitFor();
});

it('who signs out in one tab is signed out in all', async () => {
  const opened = await open({ alone: true });
  const { page, context } = opened;
  await page.goto('/manage/t/dev/settings');
  await page.getByLabel('Friendly name').fill('Typed by somebody');
  const other = await context.newPage();
  await other.goto('/manage/t/dev/start');
  await other.getByRole('button', { name: /^Account:/ }).click();
  await other.getByRole('menuitem', { name: 'Sign out' }).click();
  await other.waitForURL(/\/manage\/signin/);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
  assert.deepEqual(opened.complaints, []);
});
