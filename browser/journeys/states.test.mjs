// What a page shows when it has nothing to show: while it reads, when reading fails, when there is nothing, when the role does not include it.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { check, close, look, open } from '../harness.mjs';
import { freshTenant, tenantApi } from '../tenantapi.mjs';

after(close);

/** @type {string} */
let tenant;

before(async () => {
  const { page, context } = await open();
  tenant = await freshTenant(page);
  await context.close();
});

/** Each page, what it reads first, and what it says of a tenant in which nothing has happened. */
const pages = [
  { path: 'applications?search=nothing-of-this-name', reads: '**/api/v2/clients?**', empty: 'No applications found' },
  { path: 'apis', reads: '**/api/v2/resource-servers?**', empty: /^Auth0 Management API/ },
  { path: 'organizations', reads: '**/api/v2/organizations?**', empty: 'No organizations yet' },
  { path: 'map?search=nothing-of-this-name', reads: '**/api/v2/client-grants?**', empty: 'Nothing of this name' },
  { path: 'activity', reads: '**/api/v2/writ/activity?**', empty: 'No token requests in this time' },
  { path: 'logs?type=feccft', reads: '**/api/v2/logs?**', empty: 'No events match' },
  { path: 'settings?tab=keys', reads: '**/api/v2/keys/signing', empty: 'Next' },
];

for (const { path, reads, empty } of pages) {
  describe(path, () => {
    const settled = typeof empty === 'string' ? { exact: true } : {};
    it('says that it is reading, then what there is', async () => {
      const opened = await open();
      const { page } = opened;
      /** @type {() => void} */
      let release = () => {};
      const held = new Promise((resolve) => {
        release = () => resolve(undefined);
      });
      await page.route(reads, async (route) => {
        await held;
        await route.continue();
      });
      await page.goto(`/manage/t/${tenant}/${path}`);
      await page.locator('main [role=status][aria-busy=true]').first().waitFor();
      release();
      await page.getByText(empty, settled).first().waitFor();
      await check(opened);
    });

    it('says why it could not read, and reads again when asked', async () => {
      const opened = await open();
      const { page } = opened;
      await page.route(reads, (route) => route.fulfill({ status: 500, json: { statusCode: 500, message: 'The shelf fell over' } }));
      await page.goto(`/manage/t/${tenant}/${path}`);
      await page.getByRole('alert').getByText('The shelf fell over').waitFor();
      await check(opened);
      await page.unroute(reads);
      await page.getByRole('button', { name: 'Try again', exact: true }).click();
      await page.getByText(empty, settled).first().waitFor();
    });
  });
}

it('a page of a list that is not there says so, and leads back', async () => {
  const opened = await open();
  const { page } = opened;
  const { call } = await tenantApi(page, tenant);
  await call('POST', 'organizations', { body: { name: 'acme' } });
  const huge = '9'.repeat(23);
  const lists = { applications: 'Applications', apis: 'APIs', organizations: 'Organizations', logs: 'Events' };
  for (const [list, label] of Object.entries(lists)) {
    for (const number of ['40', huge]) {
      for (const way of list === 'logs' ? ['To the first page'] : ['To the last page', 'Previous']) {
        await page.goto(`/manage/t/${tenant}/${list}?page=${number}`);
        await page.getByText('Nothing on this page').waitFor();
        await page.getByRole('button', { name: way }).click();
        await page.getByRole('table', { name: label }).waitFor();
      }
    }
    for (const number of ['-5', '1.5', '1e3', 'x']) {
      await page.goto(`/manage/t/${tenant}/${list}?page=${number}`);
      await page.getByRole('table', { name: label }).waitFor();
    }
  }
  await page.goto(`/manage/t/${tenant}/applications?page=40`);
  await page.getByText('Nothing on this page').waitFor();
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await look(opened, 'beyond-last');
  }
});

it('a role without a page’s scopes is told which it needs, on every page of the menu', async () => {
  const opened = await open();
  const { page } = opened;
  // No role is without them today: as if one were.
  await page.route('**/manage/token', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), scope: 'read:nothing' } });
  });
  await page.goto(`/manage/t/${tenant}/apis`);
  const links = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
  await links.first().waitFor();
  const all = await links.evaluateAll((found) => found.map((a) => a.getAttribute('href') ?? ''));
  assert(all.length >= 7);
  for (const link of all) {
    await page.goto(link);
    await page.getByText('Your role does not include this').waitFor();
    await page.locator('main code').first().waitFor();
  }
  await check(opened);
});

it('a page whose files are gone, after an update of the server say, says so, and is there once it is loaded anew', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/apis`);
  await page.getByText(/^Auth0 Management API/).waitFor();
  await page.route('**/manage/assets/part-*', (route) => route.fulfill({ status: 404 }));
  await page.getByRole('link', { name: 'Map' }).click();
  await page.getByRole('heading', { name: 'This page cannot be loaded' }).waitFor();
  await page.getByRole('alert').getByText('was updated since you opened this page').waitFor();
  await check(opened);
  await page.unroute('**/manage/assets/part-*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Map' }).waitFor();
  await check(opened);
});
