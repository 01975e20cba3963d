// What the journeys share: a browser, pages in a theme and a width, and what every page has to keep.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterEach } from 'node:test';
import { chromium } from 'playwright-core';

/** The console under test; `make browser` starts one and says where. */
export const url = process.env.WRIT_URL ?? '';
assert(url, 'WRIT_URL is not set: run `make browser`');

/** Who is there, by role; console_test.go has them come. */
export const people = {
  owner: 'ada@example.com',
  admin: 'grace@example.com',
  keys: 'joan@example.com',
  organizations: 'katherine@example.com',
  viewer: 'charles@example.com',
};

/** Everybody's password. */
export const password = 'seven green turtles dance';

const executablePath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const out = new URL('./out/', import.meta.url).pathname;

/** @type {Promise<import('playwright-core').Browser> | undefined} */
let browser;

/** One sign-in of each role, shared by the pages of a file. @type {Record<string, Promise<import('playwright-core').BrowserContextOptions['storageState']>>} */
const signedIn = {};

/** What the present test has opened. @type {Set<import('playwright-core').BrowserContext>} */
const contexts = new Set();

if (process.env.NODE_TEST_CONTEXT) {
  afterEach(async () => {
    await Promise.all([...contexts].map((context) => context.close()));
    contexts.clear();
  });
}

/** Ends the browser, if one was started. */
export async function close() {
  await (await browser)?.close();
}

/**
 * @typedef {object} Look
 * @property {'light' | 'dark'} [theme]
 * @property {number} [width]
 * @property {keyof typeof people} [role]
 * @property {boolean} [signedOut]
 * @property {boolean} [alone] - With a session of its own, so that it can be ended.
 * @property {boolean} [shared] - By several tests: not closed at the end of one.
 */

/** Signs somebody in, as their browser would. @param {string} email */
async function signIn(email) {
  const context = await (await start()).newContext({ baseURL: url, ignoreHTTPSErrors: true });
  const answer = await context.request.post('/manage/signin', { form: { email, password }, maxRedirects: 0 });
  assert.equal(answer.status(), 303, await answer.text());
  const state = await context.storageState();
  await context.close();
  return state;
}

function start() {
  browser ??= chromium.launch({ executablePath, args: ['--no-sandbox'] });
  return browser;
}

/**
 * A page in a browser of its own, signed in unless asked otherwise. Whatever the browser complains of is kept, for `check`.
 * @param {Look} [look]
 */
export async function open({ theme = 'light', width = 1440, role = 'owner', signedOut = false, alone = false, shared = false } = {}) {
  const email = people[role];
  if (!signedOut && !alone) {
    signedIn[role] ??= signIn(email);
  }
  const context = await (await start()).newContext({
    baseURL: url,
    ignoreHTTPSErrors: true, // the local CA is not the browser's
    storageState: signedOut ? undefined : await (alone ? signIn(email) : signedIn[role]),
    colorScheme: theme,
    viewport: { width, height: width < 600 ? 844 : 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
  });
  if (!shared) {
    contexts.add(context);
  }
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  /** @type {string[]} */
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.stack}`));
  page.on('console', (message) => {
    // A status of 4xx is said by the browser, too; what the page makes of it is tested where it belongs.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      complaints.push(`console: ${message.text()}`);
    }
  });
  page.on('dialog', (dialog) => {
    if (dialog.type() === 'beforeunload') {
      return void dialog.accept(); // a journey that goes elsewhere means it
    }
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (e) => {
      console.error(`Content-Security-Policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`);
    });
    for (const kind of ['pointerdown', 'keydown', 'input']) {
      document.addEventListener(kind, () => performance.mark('acted'), true);
    }
  });
  return { page, context, complaints };
}

/**
 * What the page sends with its own requests beside the cookie: whose page it is.
 * @param {import('playwright-core').APIRequestContext} request - Signed in.
 */
export async function pageHeaders(request) {
  const { operator } = await (await request.get('/manage/session')).json();
  return { 'Writ-Operator': /** @type {string} */ (operator.id) };
}

/**
 * What every view has to keep: nothing to complain of for the browser, no policy violated, nothing wider than the window,
 * nothing that jumps while it is loaded, no serious fault of accessibility.
 * @param {Awaited<ReturnType<typeof open>>} opened
 */
export async function check(opened) {
  const { page } = opened;
  const busy = page.locator('main [aria-busy=true]').first();
  await busy.waitFor({ state: 'detached', timeout: 3000 }).catch(() => {}); // dim while it is read anew; what never ends is looked at as it is
  await settled(opened);
  const shift = await page.evaluate(layoutShift);
  assert.ok(shift < 0.1, `the page jumped while it was loaded: ${shift}`);
  await accessible(page);
}

/**
 * Keeps a view as a picture in both themes and checks it, in the dark one for what a theme changes.
 * @param {Awaited<ReturnType<typeof open>>} opened - With the light theme.
 * @param {string} name
 */
export async function look(opened, name) {
  const { page } = opened;
  await shot(page, name);
  await check(opened);
  await page.emulateMedia({ colorScheme: 'dark' });
  await shot(page, name);
  await settled(opened);
  await accessible(page, { runOnly: ['color-contrast', 'link-in-text-block'] });
  await page.emulateMedia({ colorScheme: 'light' });
}

/**
 * Keeps a view as a picture in a window of 1920 px, in one theme: what differs there is room, not colour.
 * @param {Awaited<ReturnType<typeof open>>} opened
 * @param {string} name
 */
export async function widen(opened, name) {
  const { page } = opened;
  const before = page.viewportSize() ?? { width: 1440, height: 900 };
  await page.setViewportSize({ width: 1920, height: before.height });
  await shot(page, name);
  await settled(opened);
  await page.setViewportSize(before);
}

/**
 * Nothing to complain of for the browser, no policy violated, nothing wider than the window.
 * @param {Awaited<ReturnType<typeof open>>} opened
 */
async function settled({ page, complaints }) {
  assert.deepEqual(complaints, []);
  const surplus = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(surplus <= 0, `the page is ${surplus} px wider than the window`);
}

/**
 * No serious fault of accessibility.
 * @param {import('playwright-core').Page} page
 * @param {{ runOnly?: string[] }} [options] - Of axe.
 */
async function accessible(page, options = {}) {
  if (!(await page.evaluate(() => 'axe' in window))) {
    await page.evaluate(axe); // through the debugger: the page's policy lets no other script in
  }
  const { violations } = await page.evaluate(
    // @ts-expect-error axe was put there
    (options) => window.axe.run(document, { resultTypes: ['violations'], ...options }),
    options,
  );
  const serious = violations
    .filter((/** @type {{ impact: string }} */ v) => v.impact === 'serious' || v.impact === 'critical')
    .map((/** @type {{ id: string, nodes: { html: string, failureSummary: string }[] }} */ v) => ({
      id: v.id,
      nodes: v.nodes.slice(0, 4).map((n) => `${n.html.slice(0, 160)} ${n.failureSummary}`),
    }));
  assert.deepEqual(serious, []);
}

/**
 * How much of the page moved without anybody's doing (https://web.dev/cls): up to 0.1 is good. What counts is the worst session: shifts less
 * than a second apart, five seconds at most. What follows an act within three seconds is by it: the browser says so for half a second only,
 * which an answer may take on a busy machine.
 * @returns {Promise<number>}
 */
function layoutShift() {
  return new Promise((resolve) => {
    const acts = performance.getEntriesByName('acted').map((act) => act.startTime);
    let [worst, sum, first, last] = [0, 0, 0, 0];
    new PerformanceObserver((list) => {
      for (const { hadRecentInput, startTime, value } of /** @type {any[]} */ (list.getEntries())) {
        if (hadRecentInput || acts.some((act) => act <= startTime && startTime - act < 3000)) {
          continue;
        }
        if (startTime - last > 1000 || startTime - first > 5000) {
          [sum, first] = [0, startTime];
        }
        last = startTime;
        sum += value;
        worst = Math.max(worst, sum);
      }
    }).observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => resolve(worst), 50); // buffered entries come at once
  });
}

/**
 * Has a secret shown, and returns it.
 * @param {import('playwright-core').Page} page
 * @param {string} label - Of its field.
 */
export async function reveal(page, label) {
  await page.getByRole('button', { name: `Show: ${label}` }).click();
  await page.getByRole('button', { name: `Hide: ${label}` }).waitFor();
  return page.getByLabel(label, { exact: true }).inputValue();
}

/**
 * Keeps a picture in browser/out, to be looked at.
 * @param {import('playwright-core').Page} page
 * @param {string} name
 */
export async function shot(page, name) {
  mkdirSync(out, { recursive: true });
  const { width } = page.viewportSize() ?? { width: 0 };
  const theme = await page.evaluate(() => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'));
  await page.screenshot({ path: `${out}${name}-${theme}-${width}.png`, fullPage: true });
}
