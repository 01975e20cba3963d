// The guide from its first page to its last, by somebody who has a browser, a terminal and an empty writ: sign-up, API, application,
// authorization, a token by the program that the page shows, its record, a refusal that is explained and mended, and signing out.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, it } from 'node:test';
import { check, close, open, password, reveal, shot } from '../harness.mjs';
import { receive } from '../receiver.mjs';

/** @typedef {import('playwright-core').Page} Page */

const folder = mkdtempSync(path.join(tmpdir(), 'writ-story-'));

after(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

const audience = 'https://payroll.example.com';

/** Goes to a page of the sidebar. @param {Page} page @param {string} label */
async function turnTo(page, label) {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: label, exact: true }).click();
}

/** @param {Page} page @param {string} link */
async function signUp(page, link) {
  await page.goto(link);
  await page.getByLabel('Email').fill('first@example.com');
  await page.getByLabel('Your name').fill('First Person');
  await page.getByLabel('New password').fill(password);
  await page.getByRole('button', { name: 'Create the owner account' }).click();
  await page.getByRole('button', { name: /^Account:\s*First Person/ }).waitFor();
}

/** @param {Page} page */
async function registerAPI(page) {
  await turnTo(page, 'APIs');
  await page.getByRole('button', { name: 'Create API' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Payroll');
  await dialog.getByLabel('Identifier').fill(audience);
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'Payroll' }).waitFor();
  await page.getByRole('tab', { name: 'Permissions' }).click();
  await page.getByLabel('Permission', { exact: true }).fill('run:payroll');
  await page.getByLabel('Description').fill('Starts a run');
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('cell', { name: 'run:payroll', exact: true }).waitFor();
}

/** Makes the application and returns its secret. @param {Page} page */
async function createApplication(page) {
  await turnTo(page, 'Applications');
  await page.getByRole('button', { name: 'Create application' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Nightly Job');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByRole('heading', { name: 'Nightly Job' }).waitFor();
  await page.getByRole('tab', { name: 'Credentials' }).click();
  return reveal(page, 'Client secret');
}

/** By the guide's own way: toggle, arrow, permission, Update. @param {Page} page */
async function authorize(page) {
  await page.getByRole('tab', { name: 'APIs' }).click();
  await page.getByLabel('Authorize Payroll').click({ force: true });
  await page.getByText('0 of 1 permissions').waitFor();
  const permission = page.getByLabel('run:payroll');
  if (!(await permission.isVisible())) {
    await page.getByRole('button', { name: 'Permissions of Payroll' }).click();
  }
  await permission.check();
  await page.getByRole('button', { name: 'Update' }).click();
  await page.getByText('The authorization for Payroll is updated.').waitFor();
}

/**
 * Copies the cURL sample and returns the commands that run it.
 * @param {Page} page
 * @param {string} api
 */
async function takeSample(page, api) {
  await page.getByRole('tab', { name: 'Quickstart' }).click();
  await page.getByLabel('Address of your API').fill(api);
  await page.getByRole('tab', { name: 'cURL', exact: true }).click();
  const panel = page.getByRole('tabpanel', { name: 'cURL', exact: true });
  writeFileSync(path.join(folder, 'call-api.sh'), (await panel.locator('pre').nth(0).textContent()) ?? '');
  return (await panel.locator('pre').nth(1).textContent()) ?? '';
}

/**
 * @param {string} commands
 * @param {string} secret
 * @returns {Promise<{ code: number | null, all: string }>}
 */
function inTerminal(commands, secret) {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', commands], { cwd: folder, timeout: 60_000 });
  let all = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      all += text;
    });
  }
  child.stdin.end(`${secret}\n`);
  return new Promise((resolve, reject) => child.on('error', reject).on('close', (code) => resolve({ code, all })));
}

it('the guide, from sign-up to signing out', { timeout: 180_000 }, async () => {
  const helper = await fetch(`${process.env.WRIT_HELPER}/fresh`, { method: 'POST' });
  const { public: link, data } = await helper.json();
  const opened = await open({ signedOut: true });
  const { page } = opened;

  await signUp(page, link);
  await registerAPI(page);
  const secret = await createApplication(page);
  await authorize(page);
  await check(opened);

  const domain = new URL(link).host;
  const api = await receive({ domain, audience, ca: readFileSync(path.join(data, 'ca.pem')) });
  try {
    const commands = await takeSample(page, api.url);
    const called = await inTerminal(commands, secret);
    assert.equal(called.code, 0, called.all);
    assert.match(called.all, /Hello from the API/);

    await turnTo(page, 'Logs');
    await page.getByRole('link', { name: 'Token issued' }).first().click();
    await page.getByRole('heading', { name: 'Token issued' }).waitFor();
    await page.getByText('run:payroll').first().waitFor();
    await check(opened);

    // The grant is withdrawn by mistake: the job fails, the record says why, and the page puts it right.
    await turnTo(page, 'Applications');
    await page.getByRole('link', { name: 'Nightly Job' }).click();
    await page.getByRole('tab', { name: 'APIs' }).click();
    await page.getByLabel('Authorize Payroll').click({ force: true });
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
    await page.getByText('Authorized').waitFor({ state: 'detached' });
    const refused = await inTerminal(commands, secret);
    assert.notEqual(refused.code, 0);
    assert.match(refused.all, /access_denied/);

    await turnTo(page, 'Logs');
    await page.getByRole('link', { name: 'Token refused' }).first().click();
    await page.getByRole('heading', { name: 'Why was this refused?' }).waitFor();
    await page.getByText('The client has no grant for the API.').waitFor();
    await shot(page, 'story-refused');
    await page.getByRole('button', { name: 'Authorize "Nightly Job" for "Payroll"' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Do it' }).click();
    await page.getByText('Would be issued now').waitFor();
    await check(opened);
    const mended = await inTerminal(commands, secret);
    assert.equal(mended.code, 0, mended.all);
  } finally {
    await api.close();
  }

  await page.getByRole('button', { name: /^Account:/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByText('You are signed out.').waitFor();
  await page.goto(new URL('/manage/t/dev/applications', link).href);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  assert.deepEqual(opened.complaints, []);
});
