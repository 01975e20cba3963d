// What asks for a name before it destroys: every name that a program can give, a person can type.

import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { check, close, look, open } from '../harness.mjs';
import { freshTenant, tenantApi } from '../tenantapi.mjs';

after(close);

const long = 'Importer-of-everything-'.repeat(450);

/** Names, what is asked for, and what else is taken. */
const cases = [
  { title: 'with a line break and two blanks', name: 'Nightly  import\nof Timesheets ', asked: 'Nightly import of Timesheets' },
  { title: 'with a character that nobody sees', name: 'Time\u200bsheets', asked: 'Timesheets' },
  { title: 'that shows nothing', name: ' \u00a0\n', asked: 'Delete' },
  {
    title: 'of ten thousand characters',
    name: long,
    asked: long.slice(0, 40),
    as: `Type ${long.slice(0, 40)}, how its name begins, to confirm`,
  },
];

for (const { title, name, asked, as = `Type ${asked} to confirm` } of cases) {
  it(`a name ${title} can be typed`, async () => {
    const opened = await open({ width: 390 });
    const { page } = opened;
    const tenant = await freshTenant(page);
    const api = await tenantApi(page, tenant);
    const client = await api.call('POST', 'clients', { body: { name } });
    await page.goto(`/manage/t/${tenant}/applications/${client.client_id}?tab=settings`);
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    const dialog = page.getByRole('dialog');
    const button = dialog.getByRole('button', { name: 'Delete', exact: true });
    const field = dialog.getByLabel(as, { exact: true });
    await field.fill(asked.slice(1));
    assert(await button.isDisabled());
    await field.fill(`${asked.replace(' ', '  ')} `);
    assert(await button.isEnabled());
    const room = await dialog.evaluate((e) => [e.scrollWidth - e.clientWidth, e.getBoundingClientRect().height - innerHeight]);
    assert(
      room.every((surplus) => surplus <= 0),
      `the dialog is larger than the window by ${room}`,
    );
    if (name === long) {
      await look(opened, 'confirm-long');
    }
    await button.click();
    await page.waitForURL(`**/${tenant}/applications`);
    const left = await api.call('GET', 'clients');
    assert(!left.some((/** @type {{ client_id: string }} */ c) => c.client_id === client.client_id));
    await check(opened);
  });
}
