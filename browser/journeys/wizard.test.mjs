// The wizard's form: what it says of what is typed, and what it sends.

import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { check, close, open } from '../harness.mjs';
import { freshTenant, tenantApi } from '../tenantapi.mjs';

after(close);

/** A wizard in a tenant of its own. */
async function wizard() {
  const opened = await open();
  const { page } = opened;
  const tenant = await freshTenant(page);
  const api = await tenantApi(page, tenant);
  const start = () => page.goto(`/manage/t/${tenant}/start/service`);
  const [create, goOn] = ['Create', 'Go on'].map((name) => page.getByRole('button', { name, exact: true }));
  return { opened, page, api, start, create, goOn };
}

/** The bodies that are sent to a path. @param {import('playwright-core').Page} page @param {string} path */
function sentTo(page, path) {
  /** @type {any[]} */
  const bodies = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith(path)) {
      bodies.push(request.postDataJSON());
    }
  });
  return bodies;
}

it('a lifetime of one’s own is sent as it is typed, and neither empty nor 0', async () => {
  const { opened, page, start, create } = await wizard();
  await start();
  await page.getByLabel('Life of a token').selectOption('own');
  const seconds = page.getByLabel('Seconds');
  await seconds.press('Control+a');
  await seconds.press('Delete');
  assert.equal(await seconds.inputValue(), '');
  await page.getByText('Life of a token is required: a number of seconds.').waitFor();
  assert(await create?.isDisabled());
  for (const [typed, fault] of [
    ['0', 'must be at least 1 second'],
    ['2592001', 'must be at most 2,592,000 seconds'],
    ['99999999999999999999', 'must be at most 2,592,000 seconds'],
  ]) {
    await seconds.fill(typed ?? '');
    await page.getByText(fault ?? '').waitFor();
    assert(await create?.isDisabled());
  }
  await check(opened);

  await seconds.press('Control+a');
  await seconds.press('Delete');
  await seconds.pressSequentially('7200');
  await page.getByText('That is 2 hours.').waitFor();
  const apis = sentTo(page, 'resource-servers');
  await create?.click();
  await page.getByText('All is made').waitFor();
  assert.equal(apis[0].token_lifetime, 7200);
});

it('what is emptied is required, and says so', async () => {
  const { page, start, create } = await wizard();
  await start();
  for (const label of ['Application', 'Name', 'Identifier']) {
    const field = page.getByLabel(label, { exact: true });
    const before = await field.inputValue();
    await field.fill('  ');
    await page.getByText(`${label} is required.`).waitFor();
    assert(await create?.isDisabled());
    await field.fill(before);
    await page.getByText(`${label} is required.`).waitFor({ state: 'detached' });
  }
});

it('a refusal is worded at the field and at the step, and goes when the field is changed', async () => {
  const { page, api, start, create, goOn } = await wizard();
  await api.call('POST', 'resource-servers', { body: { name: 'Taken', identifier: 'https://inventory.example.com' } });
  await start();
  const step = page.locator('[data-state=failed]').getByRole('alert');
  const field = (/** @type {string} */ label) => page.getByLabel(label, { exact: true });

  await create?.click();
  await page.getByRole('img', { name: 'Failed' }).waitFor();
  assert.equal(await page.getByText('already exists').count(), 2);
  await field('Name').fill('<Stock>');
  assert.equal(await step.count(), 1, 'about the identifier, which is what it was');
  await field('Identifier').fill('https://stock.example.com');
  await step.waitFor({ state: 'detached' });
  assert.equal(await page.getByText('already exists').count(), 0);
  assert.equal(await page.getByRole('img', { name: 'Failed' }).count(), 0);

  await goOn?.click();
  await step.getByText('Name: text without < and >.', { exact: true }).waitFor();
  await field('Name').fill('x'.repeat(201));
  await goOn?.click();
  await step.getByText('Name may have at most 200 characters.', { exact: true }).waitFor();
  await field('Name').fill('Stock');
  await field('Application').fill('<b>x</b>');
  await goOn?.click();
  await step.getByText('Application: text without < and >.', { exact: true }).waitFor();
  assert.equal(await page.getByText('Application: text without < and >.', { exact: true }).count(), 2);
  assert.equal(await page.getByText(/pattern|Payload/).count(), 0);
  await field('Application').fill('Orders');
  await goOn?.click();
  await page.getByText('All is made').waitFor();
});

it('an API that is chosen and let go leaves the new one as it was', async () => {
  const { opened, page, api, start, create } = await wizard();
  await api.call('POST', 'resource-servers', { body: { name: 'Payroll', identifier: 'urn:payroll', scopes: [{ value: 'run:payroll' }] } });
  await start();
  const scopes = page.getByRole('combobox', { name: 'Permissions' });
  await scopes.fill('write:stock');
  await scopes.press('Enter');
  const choice = page.getByRole('combobox', { name: 'API', exact: true });
  await choice.click();
  await page.getByRole('option', { name: 'Payroll' }).click();
  await page.getByText('Without a permission').waitFor();
  await page.getByLabel('run:payroll').check();
  await page.getByText('Without a permission').waitFor({ state: 'detached' });
  await choice.click();
  await page.getByRole('option', { name: 'Payroll' }).click(); // once more: it is let go
  await page.getByText('write:stock', { exact: true }).waitFor();

  // Without any it may be, but not without a word.
  await scopes.press('Backspace');
  await scopes.press('Backspace');
  await page.getByText('Without a permission').waitFor();
  await check(opened);
  const grants = sentTo(page, 'client-grants');
  await create?.click();
  await page.getByText('All is made').waitFor();
  assert.deepEqual(grants[0].scope, []);
});

it('APIs of one name are told apart by their identifiers, in the wizard and where an application is made', async () => {
  const { opened, page, api, start } = await wizard();
  for (const place of ['eu', 'us', 'apac']) {
    const body = { name: 'Inventory', identifier: `https://${place}.inventory.example.com`, scopes: [{ value: 'read:stock' }] };
    await api.call('POST', 'resource-servers', { body });
  }
  await start();
  const choice = page.getByRole('combobox', { name: 'API', exact: true });
  await choice.click();
  await page.getByRole('option', { name: 'Inventory' }).first().waitFor();
  assert.equal(await page.getByRole('option', { name: 'Inventory' }).count(), 3);
  await choice.fill('us.inv');
  await page.getByRole('option', { name: 'Inventory' }).click();
  assert.equal(await choice.inputValue(), 'Inventory (https://us.inventory.example.com)');
  await page.getByText('"audience":"https://us.inventory.example.com"').waitFor();
  await check(opened);

  await page.goto(page.url().replace(/start.*/, 'applications'));
  await page.getByRole('button', { name: 'Create application' }).first().click();
  await page.getByRole('combobox', { name: 'Authorize for an API' }).click();
  await page.getByRole('option', { name: 'https://apac.inventory.example.com' }).click();
  await page.getByText('Without a permission').waitFor();
  await check(opened);
  await page.getByLabel('read:stock').check();
  await page.getByText('Without a permission').waitFor({ state: 'detached' });
});

it('what will be made is short, whatever is typed', async () => {
  const { opened, page, start } = await wizard();
  await page.setViewportSize({ width: 390, height: 844 });
  await start();
  const plan = page.locator('ol', { has: page.getByRole('img', { name: 'Not made yet' }) });
  const before = (await plan.boundingBox())?.height ?? 0;
  for (const label of ['Application', 'Name', 'Identifier']) {
    await page.getByLabel(label, { exact: true }).fill('Everything'.repeat(1000));
  }
  const surplus = ((await plan.boundingBox())?.height ?? 0) - before;
  assert(surplus > 0 && surplus < 500, `${surplus} px more`);
  await check(opened);

  const permissions = page.getByRole('combobox', { name: 'Permissions', exact: true });
  await page.evaluate(() => navigator.clipboard.writeText(Array.from({ length: 1000 }, (_, i) => `read:part${i}`).join(' ')));
  await permissions.focus();
  await page.keyboard.press('Control+v');
  const field = page.locator('.mantine-TagsInput-root');
  await field.getByText('read:part999', { exact: true }).waitFor();
  const height = (await field.boundingBox())?.height ?? 0;
  assert(height < 400, `the field is ${height} px tall`);
  await check(opened);
});

it('goes on with what a request has made whose answer was lost', async () => {
  const { page, api, start, create, goOn } = await wizard();
  await start();
  for (const [path, button] of [
    ['resource-servers', create],
    ['client-grants', goOn],
  ]) {
    const only = async (/** @type {import('playwright-core').Route} */ route) => {
      await route.fetch(); // it is made
      await route.abort();
    };
    await page.route(`**/api/v2/${path}`, only, { times: 1 });
    await /** @type {import('playwright-core').Locator} */ (button).click();
    await page.getByText('writ cannot be reached').waitFor();
  }
  await goOn?.click();
  await page.getByText('All is made').waitFor();
  assert.equal((await api.call('GET', 'client-grants?audience=https%3A%2F%2Finventory.example.com')).length, 1);

  // What somebody else has made is not taken for it.
  await start();
  await page.route('**/api/v2/resource-servers', (route) => route.abort(), { times: 1 });
  await create?.click();
  await page.getByText('writ cannot be reached').waitFor();
  await api.call('PATCH', `resource-servers/${encodeURIComponent('https://inventory.example.com')}`, { body: { token_lifetime: 60 } });
  await goOn?.click();
  await page.getByText('already exists').first().waitFor();
});
