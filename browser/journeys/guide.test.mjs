// The guide's way, by hand: register an API, give it a permission, authorize its test application, get a token.

import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { check, close, open, reveal } from '../harness.mjs';

after(close);

it('an API that is created here has a test application, which gets a token', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto('/manage/');
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'APIs' }).click();
  await page.getByRole('button', { name: 'Create API' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Payroll');
  await dialog.getByLabel('Identifier').fill('https://payroll.example.com');
  await dialog.getByRole('button', { name: 'Create' }).click();

  await page.getByRole('heading', { name: 'Payroll' }).waitFor();
  await page.getByLabel('Permission', { exact: true }).fill('run:payroll');
  await page.getByLabel('Description').fill('Starts a run');
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('cell', { name: 'run:payroll', exact: true }).waitFor();

  await page.getByRole('link', { name: 'Applications', exact: true }).click();
  await page.getByLabel('Search applications').fill('payroll');
  await page.getByRole('link', { name: 'Payroll (Test Application)' }).click();
  await page.getByRole('tab', { name: 'APIs' }).click();
  assert(await page.getByLabel('Authorize Payroll').isChecked());
  await page.getByRole('button', { name: 'Permissions of Payroll' }).click();
  await page.getByLabel('run:payroll').check();
  await page.getByRole('button', { name: 'Update' }).click();
  await page.getByText('The authorization for Payroll is updated.').waitFor();

  await page.getByRole('link', { name: 'APIs', exact: true }).click();
  await page.getByRole('link', { name: 'Payroll', exact: true }).click();
  await page.getByRole('tab', { name: 'Test' }).click();
  await page.getByRole('button', { name: 'Ask for a token' }).click();
  const scope = page.getByRole('row', { name: /^scope/ });
  await scope.getByText('run:payroll').waitFor();
  await check(opened);
});

it('the toggle writes and deletes the grant', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto('/manage/t/dev/applications?search=gateway');
  await page.getByRole('link', { name: 'Warehouse Gateway' }).click();
  await page.getByRole('tab', { name: 'APIs' }).click();
  const toggle = page.getByLabel('Authorize Invoices');
  await toggle.click({ force: true });
  await page.getByText('0 of 2 permissions').waitFor();
  await page.reload();
  await page.getByText('Authorized').waitFor();
  await toggle.click({ force: true });
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
  await page.getByText('Authorized').waitFor({ state: 'detached' });
  await page.reload();
  await page.getByText('urn:warehouse').waitFor();
  assert.equal(await toggle.isChecked(), false);
  await check(opened);
});

it('an application is created, authorized at once, and deleted by its name', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto('/manage/t/dev/applications');
  await page.getByRole('button', { name: 'Create application' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Short-lived');
  await dialog.getByPlaceholder('No API yet').click();
  await page.getByRole('option', { name: 'Timesheets' }).click();
  await dialog.getByLabel('read:timesheets').check();
  await dialog.getByRole('button', { name: 'Create and authorize' }).click();

  const secret = await reveal(page, 'Client secret');
  assert.match(secret, /^[\w-]{40,}$/);
  await page.getByRole('button', { name: 'Rotate' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
  await page.getByText('has a new secret').waitFor();
  assert.notEqual(await reveal(page, 'Client secret'), secret);

  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  const confirm = page.getByRole('dialog').getByRole('button', { name: 'Delete' });
  assert(await confirm.isDisabled());
  await page.getByRole('dialog').getByRole('textbox').fill('Short-lived');
  await confirm.click();
  await page.getByText('Short-lived is deleted.').waitFor();
  await page.getByRole('link', { name: 'Timesheets Import Job' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Short-lived' }).count(), 0);
  await check(opened);
});

it('names and descriptions stay text', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto('/manage/t/dev/applications');
  await page.getByRole('link', { name: `O'Brien & "Sons"` }).click();
  await page.getByRole('tab', { name: 'Settings' }).click();
  assert.equal(await page.getByLabel('Description').inputValue(), '<img src=x onerror=alert(1)>');
  assert.equal(await page.locator('img').count(), 0);
  await check(opened);
});
