// The people who administer: how they come in, what their roles let them do, and how their sessions end.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { after, describe, it } from 'node:test';
import { check, close, look, open, pageHeaders, password, people, shot, url } from '../harness.mjs';

after(close);

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').BrowserContext} BrowserContext */

const helper = process.env.WRIT_HELPER ?? '';
assert(helper, 'WRIT_HELPER is not set: run `make browser`');

/**
 * What is done outside of the browser, on the command line.
 * @param {string} path
 */
async function outside(path) {
  const answer = await fetch(helper + path, { method: 'POST' });
  assert(answer.ok, await answer.clone().text());
  return answer.json();
}

/** An address that nobody has yet, on a console that was used before, too. @param {string} name */
function fresh(name) {
  return `${name}-${Date.now().toString(36)}@example.com`;
}

/**
 * The code that an authenticator shows, so many steps from now (RFC 6238).
 * @param {string} secret
 */
function totp(secret, steps = 0) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((b) => Number.parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const sum = createHmac('sha1', key).update(counter).digest();
  const code = sum.readUInt32BE((sum.at(-1) ?? 0) & 15) & 0x7fffffff;
  return String(code % 1_000_000).padStart(6, '0');
}

/**
 * A link for somebody, made by the owner.
 * @param {string} email
 */
async function invite(email, role = 'viewer_config') {
  const { context } = await open();
  const answer = await context.request.post('/manage/tenants/dev/invitations', {
    data: { email, role },
    headers: await pageHeaders(context.request),
  });
  const text = await answer.text();
  assert.equal(answer.status(), 201, text);
  await context.close();
  return JSON.parse(text).link;
}

/**
 * Accepts an invitation as somebody new.
 * @param {Page} page
 * @param {string} link
 * @param {string} name
 */
async function join(page, link, name) {
  await page.goto(link);
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('New password').fill(password);
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByRole('button', { name: /^Account:/ }).waitFor();
}

/**
 * Fills the sign-in form.
 * @param {Page} page
 * @param {string} email
 */
async function signIn(page, email, secret = password) {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(secret);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** @param {Page} page */
async function signOut(page) {
  await page.getByRole('button', { name: /^Account:/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByText('You are signed out.').waitFor();
}

it('the printed link makes the first owner, and a wrong code nobody', async () => {
  const links = await outside('/fresh');
  const opened = await open({ signedOut: true });
  const { page } = opened;
  await page.goto(new URL('/manage/t/dev/logs', links.public).href);
  await page.getByRole('heading', { name: 'Set up writ' }).waitFor();
  await page.goto(links.public);
  const code = page.getByLabel('Set-up code');
  const right = await code.inputValue();
  assert.match(right, /^\w{43}$/);
  await code.fill('a guess');
  await page.getByLabel('Email').fill('first@example.com');
  await page.getByLabel('Your name').fill('First Person');
  await page.getByLabel('New password').fill(password);
  await page.getByRole('button', { name: 'Create the owner account' }).click();
  await page.getByText('This code is not good').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'code');
  assert.equal(await page.getByLabel('Email').inputValue(), 'first@example.com');
  assert.equal(await page.getByLabel('New password').inputValue(), '');
  await check(opened);

  await code.fill(right);
  await page.getByLabel('New password').fill(password);
  // While the tenant's name is typed, the page says whether it may be had.
  const tenant = page.getByLabel('Tenant');
  await tenant.fill('-acme');
  await page.getByText('with no hyphen at an end').waitFor();
  assert.equal(await tenant.getAttribute('aria-invalid'), 'true');
  await tenant.fill('acme');
  await page.getByText('acme is free.').waitFor();
  assert.equal(await tenant.getAttribute('aria-invalid'), null);
  await check(opened);
  await tenant.fill('dev');
  await page.getByText('it becomes yours').waitFor();
  await page.getByRole('button', { name: 'Create the owner account' }).click();
  await page.getByRole('button', { name: /^Account:\s*First Person/ }).waitFor();
  await page.getByRole('button', { name: /^Tenant:\s*dev/ }).waitFor();

  // The link is used up; by plain localhost the owner signs in, too.
  const local = await open({ signedOut: true });
  await local.page.goto(links.local);
  await local.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await signIn(local.page, 'first@example.com');
  await local.page.getByRole('button', { name: /^Account:\s*First Person/ }).waitFor();
  assert.deepEqual(
    (await local.context.cookies()).map((c) => [c.name, c.secure, c.httpOnly, c.sameSite]),
    [['writ_session', false, true, 'Lax']],
  );
  assert.deepEqual(opened.complaints, []);
  assert.deepEqual(local.complaints, []);
});

it('signing in leads back to where one wanted to go, signing out ends it', async () => {
  const opened = await open({ signedOut: true });
  const { page, context } = opened;
  await page.goto('/manage/t/dev/logs?q=type%3Aseccft');
  await signIn(page, people.viewer, 'not this one');
  await page.getByText('The email address or the password is wrong.').waitFor();
  assert.equal(await page.getByLabel('Email').inputValue(), people.viewer);
  await check(opened);
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/manage\/t\/dev\/logs\?q=type%3Aseccft/);
  await page.getByRole('heading', { name: 'Logs' }).waitFor();
  assert.deepEqual(
    (await context.cookies()).map((c) => [c.name, c.secure, c.httpOnly, c.sameSite, c.path]),
    [['__Host-writ_session', true, true, 'Lax', '/']],
  );
  assert.equal(await page.evaluate(() => document.cookie), '');
  await signOut(page);
  await page.goBack();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await check(opened);
});

it('a second person accepts an invitation, once', async () => {
  const email = fresh('emmy');
  const owner = await open();
  await owner.page.goto('/manage/t/dev/settings?tab=members');
  await owner.page.getByRole('button', { name: 'Invite' }).click();
  const dialog = owner.page.getByRole('dialog');
  await dialog.getByLabel('Email').fill('nobody');
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  assert(await dialog.getByLabel('Email').evaluate((field) => field.matches(':focus:invalid'))); // the browser says what is wrong
  await dialog.getByLabel('Email').fill(people.admin);
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  await dialog.getByText('This person is a member already.').waitFor();
  await dialog.getByLabel('Email').fill(email);
  await dialog.getByLabel('Role').selectOption('editor_key_management');
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  const link = await dialog.getByLabel('Invitation', { exact: true }).inputValue();
  await shot(owner.page, 'members-invited');
  await check(owner);
  await owner.page.keyboard.press('Escape');
  const lost = owner.page.getByRole('dialog', { name: 'Close it without the link?' });
  await lost.getByRole('button', { name: 'Stay' }).click();
  await lost.waitFor({ state: 'detached' });
  assert.equal(await dialog.getByLabel('Invitation', { exact: true }).inputValue(), link);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await owner.page.getByRole('table', { name: 'Open invitations' }).getByText(email).waitFor();

  const other = await open({ signedOut: true });
  await other.page.goto(link);
  await other.page.getByText('Your role: Editor: key management.').waitFor();
  await check(other);
  await join(other.page, link, 'Emmy Noether');
  await other.page.getByRole('button', { name: /^Tenant:\s*dev/ }).waitFor();
  await other.page.goto(link);
  await other.page.getByText('This link is not good any more').waitFor();
  await check(other);

  await owner.page.reload();
  await owner.page.getByRole('table', { name: 'Members' }).getByText(email).waitFor();
  assert.equal(await owner.page.getByRole('table', { name: 'Open invitations' }).getByText(email).count(), 0);
  await owner.page
    .getByRole('row', { name: new RegExp(email) })
    .getByRole('button', { name: /^Remove/ })
    .click();
  await owner.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await owner.page.getByRole('table', { name: 'Members' }).getByText(email).waitFor({ state: 'detached' });
  await other.page.goto('/manage/');
  await other.page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

it('an invitation is withdrawn', async () => {
  const email = fresh('hedy');
  const link = await invite(email);
  const { page, complaints } = await open({ role: 'admin' });
  await page.goto('/manage/t/dev/settings?tab=members');
  const row = page.getByRole('button', { name: `Withdraw the invitation of ${email}` });
  await row.click();
  await page.waitForFunction(() => document.activeElement?.textContent === 'Cancel'); // what destroys is not done by a slip
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
  await row.waitFor({ state: 'detached' }); // the dialog names the address, too, until it is gone
  await page.goto(link);
  await page.getByText('This link is not good any more').waitFor();
  assert.deepEqual(complaints, []);
});

it('a second factor is turned on, asked for, replaced by a recovery code, and turned off', async () => {
  const email = fresh('mary');
  const opened = await open({ signedOut: true });
  const { page } = opened;
  await join(page, await invite(email), 'Mary Somerville');
  await page.goto('/manage/account');
  await page.getByRole('button', { name: 'Turn on' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your password').fill('not my password');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await dialog.getByText('This is not your present password.').waitFor();
  await dialog.getByLabel('Your password').fill(password);
  await dialog.getByRole('button', { name: 'Continue' }).click();
  const secret = await dialog.getByLabel('Secret', { exact: true }).inputValue();
  await dialog.getByLabel('Code').fill('000000');
  await dialog.getByRole('button', { name: 'Turn on' }).click();
  await dialog.getByText('This is not the code that the authenticator shows now.').waitFor();
  await dialog.getByLabel('Code').fill(totp(secret));
  await dialog.getByRole('button', { name: 'Turn on' }).click();
  const codes = (await dialog.getByLabel('All codes', { exact: true }).inputValue()).split(' ');
  assert.equal(codes.length, 10);
  await check(opened);
  const asked = page.getByRole('dialog', { name: 'Close it without the codes?' });
  for (const leave of [() => page.keyboard.press('Escape'), () => page.mouse.click(5, 5)]) {
    await leave();
    await asked.getByRole('button', { name: 'Stay' }).click();
    await asked.waitFor({ state: 'detached' });
  }
  await page.getByText('Your password alone opens nothing.').waitFor(); // from the moment that it is on
  await dialog.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByText('Your password alone opens nothing.').waitFor();

  await signOut(page);
  await signIn(page, email);
  await page.getByRole('heading', { name: 'Second factor' }).waitFor();
  assert.equal(await page.evaluate(() => fetch('/manage/session').then((r) => r.status)).catch(() => 401), 401);
  await page.getByLabel('Code').fill('000000');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('This code is wrong, was used before, or its time has passed.').waitFor();
  assert.equal(await page.getByLabel('Code').getAttribute('aria-invalid'), 'true');
  await page.getByLabel('Code').fill(codes[0] ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: /^Account:/ }).waitFor();

  await page.goto('/manage/account');
  await page.getByRole('button', { name: 'Turn off' }).click();
  await dialog.getByLabel('Your password').fill('not this one');
  await dialog.getByRole('button', { name: 'Turn off' }).click();
  await dialog.getByText('This is not your present password.').waitFor();
  await dialog.getByLabel('Your password').fill(password);
  await dialog.getByRole('button', { name: 'Turn off' }).click();
  await page.getByText('Whoever learns your password has your account.').waitFor();
});

it('a forgotten password is replaced by a link from the command line', async () => {
  const email = fresh('lise');
  const opened = await open({ signedOut: true });
  const { page } = opened;
  await join(page, await invite(email), 'Lise Meitner');
  const { link } = await outside(`/reset?email=${encodeURIComponent(email)}`);
  const other = await open({ signedOut: true });
  await other.page.goto(link);
  await other.page.getByLabel('New password').fill('another good sentence');
  await check(other);
  await other.page.getByRole('button', { name: 'Change the password' }).click();
  await other.page.getByText('Your password is changed. Sign in with the new one.').waitFor();
  await signIn(other.page, email, 'another good sentence');
  await other.page.getByRole('button', { name: /^Account:\s*Lise Meitner/ }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

it('a session that is ended elsewhere is taken up again where it was', async () => {
  const email = fresh('rosa');
  const opened = await open({ signedOut: true });
  const { page, context } = opened;
  await join(page, await invite(email), 'Rosa Luxemburg');
  await page.goto('/manage/account');
  await page.getByText('This one').waitFor();

  const other = await open({ signedOut: true });
  await other.page.goto('/manage/account');
  await signIn(other.page, email);
  const end = other.page.getByRole('table', { name: 'Sessions' }).getByRole('button', { name: 'End' });
  await end.click();
  await other.page.getByRole('dialog').getByRole('button', { name: 'End' }).click();
  await end.waitFor({ state: 'detached' });
  await other.page.getByRole('dialog').waitFor({ state: 'detached' });
  await check(other);

  await page.getByLabel('Present password').fill(password);
  await page.getByLabel('New password').fill('a sentence that was typed before');
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await page.getByText('Your session has ended').waitFor();
  const [tab] = await Promise.all([context.waitForEvent('page'), page.getByRole('link', { name: 'Sign in' }).click()]);
  await signIn(tab, email);
  await tab.getByRole('button', { name: /^Account:/ }).waitFor();
  await tab.close();
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByText('Your password is changed.').waitFor();
  await check(opened);
});

it('a page does nothing for somebody else who has signed in in the same browser, and loses nothing', async () => {
  const email = fresh('ida');
  const opened = await open({ signedOut: true });
  const { page, context } = opened;
  await join(page, await invite(email, 'admin'), 'Ida Rhodes');
  await page.goto('/manage/t/dev/settings?tab=members');
  await page.getByRole('button', { name: 'Invite' }).click();
  const guest = fresh('guest');
  await page.getByRole('dialog').getByLabel('Email').fill(guest);

  const tab = await context.newPage();
  await tab.goto('/manage/signin?anew=1');
  await signIn(tab, people.admin);
  await tab.getByRole('button', { name: /^Account:\s*Grace Hopper/ }).waitFor();

  await page.getByRole('button', { name: 'Make the link' }).click();
  const over = page.getByRole('dialog', { name: 'Your session has ended' });
  await over.waitFor();
  await over.getByRole('button', { name: 'Go on' }).click();
  await over.getByText(`${people.admin} is signed in now, and this page is ${email}’s.`).waitFor();
  await check(opened);
  const invitations = await context.request.get('/manage/tenants/dev/invitations');
  assert(!(await invitations.text()).includes(guest), 'nobody was invited in the name of somebody else');

  const [again] = await Promise.all([context.waitForEvent('page'), over.getByRole('link', { name: 'Sign in' }).click()]);
  await signIn(again, email);
  await again.getByRole('button', { name: /^Account:\s*Ida Rhodes/ }).waitFor();
  await again.close();
  await over.getByRole('button', { name: 'Go on' }).click();
  await page.getByLabel('Invitation', { exact: true }).waitFor();
  await check(opened);
});

describe('what a role does not include is not offered', () => {
  const matrix = /** @type {const} */ ([
    { role: 'owner', creates: true, rotates: true, invites: true, governsOwner: true, secrets: true },
    { role: 'admin', creates: true, rotates: true, invites: true, governsOwner: false, secrets: true },
    { role: 'keys', creates: false, rotates: true, invites: false, governsOwner: false, secrets: true },
    { role: 'organizations', creates: false, rotates: false, invites: false, governsOwner: false, secrets: false },
    { role: 'viewer', creates: false, rotates: false, invites: false, governsOwner: false, secrets: false },
  ]);
  for (const may of matrix) {
    it(may.role, async () => {
      const opened = await open({ role: may.role });
      const { page } = opened;
      await page.goto('/manage/t/dev/settings?tab=members');
      const members = page.getByRole('table', { name: 'Members' });
      await members.getByText('Ada Lovelace').waitFor();
      assert.equal((await page.getByRole('button', { name: 'Invite' }).count()) > 0, may.invites, 'invites');
      assert.equal((await members.getByLabel('Role of Ada Lovelace').count()) > 0, may.governsOwner, 'governs owners');
      assert.equal((await members.getByLabel('Role of Charles Babbage').count()) > 0, may.invites, 'governs viewers');
      if (may.invites) {
        const offered = await members.getByLabel('Role of Charles Babbage').locator('option[value=owner]').count();
        assert.equal(offered > 0, may.governsOwner, 'makes owners');
      }
      await page.goto('/manage/t/dev/settings?tab=keys');
      await page.getByText('Current', { exact: true }).waitFor();
      assert.equal((await page.getByRole('button', { name: /^Rotate/ }).count()) > 0, may.rotates, 'rotates');
      await page.goto('/manage/t/dev/applications');
      await page.getByRole('link', { name: 'Timesheets Import Job' }).waitFor();
      const writes = may.role === 'owner' || may.role === 'admin';
      assert.equal((await page.getByRole('button', { name: 'Create application' }).count()) > 0, writes, 'writes');
      await page.getByRole('link', { name: 'Timesheets Import Job' }).click();
      await page.getByRole('tab', { name: 'Credentials' }).click();
      await page.getByText('Client ID and secret').waitFor();
      assert.equal(await page.getByText('Your role does not show secrets.').count(), may.secrets ? 0 : 1, 'secrets');
      await page.getByRole('button', { name: /^Tenant:/ }).click();
      await page.getByRole('link', { name: /^acme-production/ }).waitFor();
      assert.equal((await page.getByRole('button', { name: 'Create a tenant' }).count()) > 0, may.creates, 'creates tenants');
      await check(opened);
    });
  }
});

it('another site gets nothing out of a signed-in browser', async () => {
  const { page, context } = await open({ alone: true });
  const hostile = createServer((_, answer) => {
    answer.setHeader('Content-Type', 'text/html');
    answer.end(`<form id=out method=post action="${url}/manage/signout"></form>
      <form id=token method=post enctype=text/plain action="${url}/manage/token"><input name='{"tenant":"dev","a":"' value='"}'></form>
      <form id=in method=post action="${url}/manage/signin"><input name=email value=a><input name=password value=b></form>`);
  });
  await new Promise((done) => hostile.listen(0, '127.0.0.1', () => done(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (hostile.address());
  try {
    for (const host of ['127.0.0.1', 'localhost']) {
      for (const form of ['out', 'token', 'in']) {
        const tab = await context.newPage();
        await tab.goto(`http://${host}:${port}/`);
        const [answer] = await Promise.all([
          tab.waitForResponse((r) => r.request().method() === 'POST'),
          tab.evaluate((id) => /** @type {HTMLFormElement} */ (document.getElementById(id)).submit(), form),
        ]);
        assert.equal(answer.status(), 403, `${form} from ${host}`);
        await tab.close();
      }
      await page.goto(`http://${host}:${port}/`);
      for (const path of ['session', 't/dev/api/v2/clients']) {
        const read = await page.evaluate(
          (address) =>
            fetch(address, { credentials: 'include' }).then(
              (r) => r.status,
              () => 'refused',
            ),
          `${url}/manage/${path}`,
        );
        assert.equal(read, 'refused', `${path} from ${host}`);
      }
    }
  } finally {
    hostile.close();
  }
  assert.equal((await context.request.get('/manage/session')).status(), 200, 'the session is still there');
  for (const path of ['/manage/t/dev/api/v2/clients', '/api/v2/clients']) {
    assert.equal((await context.request.get(path)).status(), 401, `${path} with the cookie alone`);
  }
});

describe('the pages without scripts', () => {
  for (const width of [1920, 1440, 390]) {
    it(`${width} px`, async () => {
      const links = await outside('/fresh');
      const link = await invite(fresh('katherine'), 'admin');
      const opened = await open({ width, signedOut: true });
      const { page } = opened;
      /** @type {[string, string, (() => Promise<unknown>)?][]} */
      const views = [
        ['setup', links.public],
        ['setup-wrong', links.public, () => fillWrong(page)],
        ['signin', '/manage/signin'],
        ['signin-wrong', '/manage/signin', () => signIn(page, fresh('x'), 'y')],
        ['signed-out', '/manage/signin?notice=signed-out'],
        ['invitation', link],
        ['bad-link', '/manage/reset?code=x'],
      ];
      for (const [name, address, act] of views) {
        await page.goto(address);
        await act?.();
        await page.waitForLoadState();
        await look(opened, `public-${name}`);
      }
    });
  }
});

/** @param {Page} page */
async function fillWrong(page) {
  await page.getByLabel('Email').fill('ada@example.com');
  await page.getByLabel('Your name').fill('Ada');
  await page.getByLabel('New password').fill('short');
  await page.getByRole('button').click();
  await page.getByText('A password has at least 12 characters').waitFor();
}
