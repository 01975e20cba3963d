// Custom domains: added, their DNS records, what is not verified yet, and what a verified one looks like.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { check, close, open } from '../harness.mjs';
import { freshTenant, tenantApi } from '../tenantapi.mjs';

after(close);

/** @type {string} */
let tenant;
/** @type {Awaited<ReturnType<typeof tenantApi>>} */
let api;
/** A domain is one tenant's in the whole installation. */
const suffix = `${Date.now().toString(36)}.example.com`;

before(async () => {
  const { page } = await open({ shared: true });
  tenant = await freshTenant(page);
  api = await tenantApi(page, tenant);
});

it('one is added after the API’s messages were heeded, and its record can be copied', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/custom-domains`);
  await page.getByText('No custom domains yet').waitFor();
  await page.getByText('Saved, but not in use yet').waitFor();
  await check(opened);
  await page.getByRole('button', { name: 'Add domain' }).first().click();
  const dialog = page.getByRole('dialog');
  const domain = dialog.getByRole('textbox', { name: 'Domain' });
  await domain.fill('under_score.example.com');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await dialog.getByText('Domain: the name of a host, such as auth.example.com.').waitFor();
  assert.equal(await domain.getAttribute('aria-invalid'), 'true');
  await domain.fill('intranet');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await dialog.getByText('is a single label').waitFor();
  assert.equal(await domain.getAttribute('aria-invalid'), 'true');
  await domain.fill(`Login.${suffix}`);
  await dialog.getByRole('radio', { name: 'Self-managed certificate' }).click();
  await check(opened);
  await dialog.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('heading', { name: `login.${suffix}` }).waitFor();

  const [made] = await api.call('GET', 'custom-domains');
  const [method] = made.verification.methods;
  assert.deepEqual([made.type, method.name], ['self_managed_certs', 'TXT']);
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), method.domain);
  assert.equal(await page.getByLabel('Value', { exact: true }).inputValue(), method.record);
  await page.getByRole('button', { name: 'Copy: Value' }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), method.record);
  await check(opened);

  await page.getByRole('link', { name: 'Custom domains' }).last().click();
  await page.getByRole('link', { name: `login.${suffix}` }).waitFor();
  await page.getByRole('button', { name: 'Add domain' }).click();
  await domain.fill(`login.${suffix}`);
  await dialog.getByRole('button', { name: 'Add' }).click();
  await dialog.getByText('The specified custom domain already exists').waitFor();
  assert.equal(await domain.getAttribute('aria-invalid'), 'true');
});

it('verifying says that it is pending still, and may be asked five times a minute', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/custom-domains`);
  await page.getByRole('link', { name: `login.${suffix}` }).click();
  await page.getByText('Not looked for yet.').waitFor();
  const verify = page.getByRole('button', { name: 'Verify' });
  const answered = () => page.waitForResponse((r) => r.url().endsWith('/verify'));
  for (let i = 0; i < 5; i++) {
    await Promise.all([answered(), verify.click()]);
  }
  await page.getByText('Looked for, not found yet.').waitFor();
  await page.getByText('is not verified: still pending.').first().waitFor();
  await Promise.all([answered(), verify.click()]);
  await page.getByText('Too many requests. Nothing was changed').waitFor();
  assert(await page.getByRole('button', { name: 'Set as default' }).isDisabled());
  await check(opened);
});

it('settings are changed: the proxy’s header, and metadata', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/custom-domains`);
  await page.getByRole('link', { name: `login.${suffix}` }).click();
  await page.getByLabel('Header with the caller’s address').selectOption('x-forwarded-for');
  await page.getByRole('button', { name: 'Add a pair' }).click();
  await page.getByLabel('Name 1').fill('team');
  await page.getByLabel('Value 1').fill('payroll');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Unsaved changes').waitFor({ state: 'detached' });
  const read = async () => (await api.call('GET', 'custom-domains'))[0];
  assert.equal((await read()).custom_client_ip_header, 'x-forwarded-for');
  assert.deepEqual((await read()).domain_metadata, { team: 'payroll' });
  await page.getByRole('button', { name: 'Remove team' }).click();
  await page.getByLabel('Header with the caller’s address').selectOption('None');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Unsaved changes').waitFor({ state: 'detached' });
  assert.equal((await read()).custom_client_ip_header, null);
  assert.deepEqual((await read()).domain_metadata ?? {}, {});
  await check(opened);
});

it('a verified domain, which the server cannot have yet, is tested and made the default', async () => {
  const managed = await api.call('POST', 'custom-domains', { body: { domain: `auth.${suffix}`, type: 'auth0_managed_certs' } });
  const ready = {
    ...managed,
    status: 'ready',
    verification: { ...managed.verification, status: 'verified', last_verified_at: '2026-03-12T09:23:36Z' },
    certificate: { status: 'provisioned', certificate_authority: 'letsencrypt', renews_before: '2026-06-10T08:29:55Z' },
  };
  const opened = await open();
  const { page } = opened;
  await page.route(`**/api/v2/custom-domains/${managed.custom_domain_id}`, (route) => route.fulfill({ json: ready }));
  await page.route('**/api/v2/custom-domains/*/test', (route) =>
    route.fulfill({ json: { success: false, message: 'It leads elsewhere.' } }),
  );
  /** @type {unknown[]} */
  const defaults = [];
  await page.route('**/api/v2/custom-domains/default', (route) => {
    defaults.push(route.request().postDataJSON());
    ready.is_default = true;
    return route.fulfill({ json: ready });
  });
  await page.goto(`/manage/t/${tenant}/custom-domains/${managed.custom_domain_id}`);
  await page.getByText("Let's Encrypt").waitFor();
  assert.equal(await page.getByText('Saved, but not in use yet').count(), 0);
  await page.getByRole('button', { name: 'Test' }).click();
  await page.getByText('It leads elsewhere.').waitFor();
  await page.getByRole('button', { name: 'Set as default' }).click();
  await page.getByText('This domain is the tenant’s default.').waitFor();
  assert.deepEqual(defaults, [{ domain: `auth.${suffix}` }]);
  await check(opened);
});

it('it is deleted after its name was typed', async () => {
  const opened = await open();
  const { page } = opened;
  await page.goto(`/manage/t/${tenant}/custom-domains`);
  await page.getByRole('link', { name: `auth.${suffix}` }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill(`auth.${suffix}`);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('link', { name: `login.${suffix}` }).waitFor();
  assert.equal((await api.call('GET', 'custom-domains')).length, 1);
  await check(opened);
});

for (const role of /** @type {const} */ (['viewer', 'keys'])) {
  it(`the role ${role} sees domains and changes none`, async () => {
    const opened = await open({ role });
    const { page } = opened;
    await page.goto('/manage/t/dev/custom-domains');
    await page.getByRole('link', { name: 'auth.example.com' }).click();
    await page.getByLabel('Value', { exact: true }).waitFor();
    assert.equal(await page.getByRole('button', { name: /Verify|Set as default|Delete|Add/ }).count(), 0);
    await check(opened);
  });
}
