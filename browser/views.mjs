// Every page, to be looked at by axe and kept as a picture, in both themes.

import { after, before, it } from 'node:test';
import { close, look, open, shot, widen } from './harness.mjs';

/** @typedef {import('playwright-core').Page} Page */

/**
 * A page, by its address in the tenant; ready once it shows what it is for, and then what is done on it.
 * @typedef {{ name: string, path: string, ready: (page: Page) => Promise<unknown>, act?: (page: Page) => Promise<unknown> }} View
 */

/**
 * One of a list, opened by its link and there by a text of it.
 * @param {string} path
 * @param {string} name
 * @param {string} link
 * @param {string} [landmark]
 * @returns {View}
 */
function oneOf(path, name, link, landmark = 'Danger zone') {
  return {
    name,
    path,
    ready: (p) => p.getByRole('link', { name: link }).click(),
    act: (p) => p.getByText(landmark).waitFor(),
  };
}

/** @type {View[]} */
const views = [
  { name: 'start', path: 'start', ready: (p) => p.getByText('steps are done').waitFor() },
  {
    name: 'start-wizard',
    path: 'start/device',
    ready: (p) => p.getByText('What will be made').waitFor(),
    act: async (p) => {
      await p.getByPlaceholder('A new one').click();
      await p.getByRole('option', { name: 'Timesheets' }).click();
      await p.getByLabel('batch:upload').check();
    },
  },
  { name: 'applications', path: 'applications', ready: (p) => p.getByRole('link', { name: 'Timesheets Import Job' }).waitFor() },
  {
    name: 'application-create',
    path: 'applications',
    ready: (p) => p.getByRole('link', { name: 'Timesheets Import Job' }).waitFor(),
    act: async (p) => {
      await p.getByRole('button', { name: 'Create application' }).click();
      await p.getByRole('dialog').getByLabel('Name').fill('Payroll');
      await p.getByRole('dialog').getByPlaceholder('No API yet').click();
      await p.getByRole('option', { name: 'Timesheets' }).click();
      await p.getByRole('dialog').getByText('batch:upload', { exact: true }).waitFor();
    },
  },
  ...['quickstart', 'settings', 'credentials', 'apis', 'organizations', 'quota', 'logs'].map((tab) => ({
    name: `application-${tab}`,
    path: 'applications',
    ready: (/** @type {Page} */ p) => p.getByRole('link', { name: 'Timesheets Import Job' }).click(),
    act: async (/** @type {Page} */ p) => {
      await p.getByRole('tab', { name: tab === 'apis' ? 'APIs' : tab[0]?.toUpperCase() + tab.slice(1) }).click();
      const landmarks = {
        quickstart: 'Sample reply',
        settings: 'Danger zone',
        credentials: 'Client ID and secret',
        apis: 'urn:warehouse',
        organizations: 'Acme Inc.',
        quota: 'of 120 tokens',
        logs: 'Token issued',
      };
      await p
        .getByText(landmarks[/** @type {keyof typeof landmarks} */ (tab)])
        .first()
        .waitFor();
      if (tab === 'apis') {
        await p.getByRole('button', { name: 'Permissions of Timesheets' }).click();
        await p.getByText('batch:upload', { exact: true }).waitFor();
      }
    },
  })),
  { name: 'apis', path: 'apis', ready: (p) => p.getByRole('link', { name: 'Timesheets' }).waitFor() },
  ...['Quickstart', 'Settings', 'Permissions', 'Machine to Machine Applications', 'Test'].map((tab) => ({
    name: `api-${tab.toLowerCase().replaceAll(' ', '-')}`,
    path: 'apis',
    ready: (/** @type {Page} */ p) => p.getByRole('link', { name: 'Timesheets' }).click(),
    act: async (/** @type {Page} */ p) => {
      await p.getByRole('tab', { name: tab }).click();
      if (tab === 'Test') {
        await p.getByRole('button', { name: 'Ask for a token' }).click();
      }
      const landmarks = {
        Quickstart: 'Sample reply',
        Settings: 'Danger zone',
        Permissions: '5 permissions',
        'Machine to Machine Applications': 'Thermostat Fleet',
        Test: 'What it says',
      };
      await p.getByText(landmarks[/** @type {keyof typeof landmarks} */ (tab)]).waitFor();
    },
  })),
  {
    name: 'api-explorer',
    path: 'apis',
    ready: (p) => p.getByRole('link', { name: 'Auth0 Management API' }).click(),
    act: async (p) => {
      await p.getByRole('tab', { name: 'API Explorer' }).click();
      await p.getByRole('button', { name: 'Send' }).click();
      await p.getByText('The answer').waitFor();
    },
  },
  { name: 'organizations', path: 'organizations', ready: (p) => p.getByRole('link', { name: 'Acme Inc.' }).waitFor() },
  {
    name: 'organization-create',
    path: 'organizations',
    ready: (p) => p.getByRole('button', { name: 'Create organization' }).click(),
    act: (p) => p.getByRole('dialog').getByLabel('Display name').waitFor(),
  },
  ...['Settings', 'Machine-to-Machine Access', 'Quota', 'Logs'].map((tab) => ({
    name: `organization-${tab.toLowerCase().replaceAll(' ', '-')}`,
    path: 'organizations',
    ready: (/** @type {Page} */ p) => p.getByRole('link', { name: 'Acme Inc.' }).click(),
    act: async (/** @type {Page} */ p) => {
      await p.getByRole('tab', { name: tab }).click();
      const landmarks = {
        Settings: 'Danger zone',
        'Machine-to-Machine Access': 'Timesheets Import Job',
        Quota: /[02] of 2 tokens/, // of the present hour, which may have begun meanwhile
        Logs: 'Token issued',
      };
      await p
        .getByText(landmarks[/** @type {keyof typeof landmarks} */ (tab)])
        .first()
        .waitFor();
    },
  })),
  {
    name: 'organization-access-add',
    path: 'organizations',
    ready: (p) => p.getByRole('link', { name: 'Acme Inc.' }).click(),
    act: async (p) => {
      await p.getByRole('tab', { name: 'Machine-to-Machine Access' }).click();
      await p.getByRole('button', { name: 'Add access' }).click();
      await p.getByRole('dialog').getByRole('combobox', { name: 'Application' }).fill('import');
      await p.getByRole('option', { name: 'Timesheets Import Job' }).click();
      await p.getByRole('dialog').getByLabel('Organization support').waitFor();
    },
  },
  { name: 'map', path: 'map', ready: (p) => p.getByRole('link', { name: 'Timesheets Import Job' }).waitFor() },
  { name: 'map-list', path: 'map?view=list', ready: (p) => p.getByText('Call no API').waitFor() },
  {
    name: 'activity',
    path: 'activity',
    ready: (p) => p.getByText('Why requests were refused').waitFor(),
    act: (p) => p.locator('.recharts-bar-rectangle path').first().waitFor(),
  },
  { name: 'activity-table', path: 'activity?view=table', ready: (p) => p.getByText('Why requests were refused').waitFor() },
  {
    name: 'usage',
    path: 'usage',
    ready: (p) => p.getByRole('table', { name: 'By organization' }).getByRole('link', { name: 'acme' }).waitFor(),
    act: (p) => p.locator('.recharts-bar-rectangle path').first().waitFor(),
  },
  { name: 'usage-table', path: 'usage?view=table', ready: (p) => p.getByRole('table', { name: 'By application' }).waitFor() },
  { name: 'logs', path: 'logs', ready: (p) => p.getByRole('table', { name: 'Events' }).waitFor() },
  { name: 'logs-empty', path: 'logs?q=type%3Adepnote', ready: (p) => p.getByText('No events match').waitFor() },
  {
    name: 'log-event',
    path: 'logs?q=type%3Afeccft',
    ready: (p) => p.getByRole('link', { name: 'Token refused' }).first().click(),
    act: (p) => p.getByRole('heading', { name: 'Raw' }).waitFor(),
  },
  { name: 'log-streams', path: 'log-streams', ready: (p) => p.getByRole('link', { name: 'Security team' }).waitFor() },
  { name: 'log-stream-types', path: 'log-streams/new', ready: (p) => p.getByRole('link', { name: 'Mixpanel' }).waitFor() },
  {
    name: 'log-stream-create',
    path: 'log-streams/new?type=splunk',
    ready: (p) => p.getByLabel('Event Collector token', { exact: true }).waitFor(),
  },
  oneOf('log-streams', 'log-stream', 'Security team'),
  { name: 'rate-limits', path: 'rate-limits', ready: (p) => p.getByRole('link', { name: 'Timesheets Import Job' }).waitFor() },
  { name: 'rate-limit-create', path: 'rate-limits/new', ready: (p) => p.getByLabel('Requests per second').waitFor() },
  oneOf('rate-limits', 'rate-limit', 'Timesheets Import Job'),
  { name: 'network-acls', path: 'network-acls', ready: (p) => p.getByRole('link', { name: 'Scrapers' }).waitFor() },
  { name: 'network-acl-create', path: 'network-acls/new', ready: (p) => p.getByLabel('Add a criterion').waitFor() },
  oneOf('network-acls', 'network-acl', 'Elsewhere'),
  { name: 'actions', path: 'actions', ready: (p) => p.getByRole('link', { name: 'Half done' }).waitFor() },
  {
    name: 'action',
    path: 'actions',
    ready: (p) => p.getByRole('link', { name: 'Add team to tokens' }).click(),
    act: async (p) => {
      await p.getByText('setCustomClaim').waitFor();
      await p.getByRole('row', { name: /1 Deployed/ }).waitFor();
    },
  },
  oneOf('actions', 'action-failed', 'Half done', 'It could not be built'),
  { name: 'custom-domains', path: 'custom-domains', ready: (p) => p.getByRole('link', { name: 'auth.example.com' }).waitFor() },
  {
    name: 'custom-domain-create',
    path: 'custom-domains',
    ready: (p) => p.getByRole('button', { name: 'Add domain' }).click(),
    act: (p) => p.getByRole('dialog').getByText('Self-managed certificate').waitFor(),
  },
  ...['auth', 'login'].map((host) => oneOf('custom-domains', `custom-domain-${host}`, `${host}.example.com`)),
  { name: 'settings-general', path: 'settings', ready: (p) => p.getByLabel('Friendly name').waitFor() },
  { name: 'settings-quota', path: 'settings?tab=quota', ready: (p) => p.getByRole('link', { name: 'acme' }).waitFor() },
  { name: 'settings-keys', path: 'settings?tab=keys', ready: (p) => p.getByText('Current', { exact: true }).waitFor() },
  { name: 'settings-members', path: 'settings?tab=members', ready: (p) => p.getByText('Charles Babbage').waitFor() },
  { name: 'settings-advanced', path: 'settings?tab=advanced', ready: (p) => p.getByLabel('Resource parameter').waitFor() },
  { name: 'account', path: '/manage/account', ready: (p) => p.getByText('This one').waitFor() },
  { name: 'nothing', path: 'nothing', ready: (p) => p.getByText('There is no such page').waitFor() },
  { name: 'missing', path: 'applications/nobody', ready: (p) => p.getByText('The client does not exist').waitFor() },
  {
    name: 'search',
    path: 'apis',
    ready: (p) => p.getByRole('link', { name: 'Timesheets' }).waitFor(),
    act: async (p) => {
      await p.keyboard.press('Control+k');
      await p.getByRole('dialog').getByPlaceholder('Search pages').fill('time');
      await p.getByRole('dialog').getByText('Import Job').waitFor();
    },
  },
];

/**
 * Looks at each page in windows of a width, and in a wide one, too.
 * @param {number} width - In pixels.
 */
export function lookAtAll(width) {
  /** @type {Awaited<ReturnType<typeof open>>} */
  let opened;
  before(async () => {
    opened = await open({ width, shared: true });
  });
  after(close);
  for (const view of views) {
    it(`${view.name}, ${width} px`, async () => {
      const { page, complaints } = opened;
      complaints.length = 0;
      await page.goto(view.path.startsWith('/') ? view.path : `/manage/t/dev/${view.path}`);
      try {
        await view.ready(page);
        await view.act?.(page);
      } catch (error) {
        await shot(page, `${view.name}-failed`);
        throw error;
      }
      await look(opened, view.name);
      if (width === 1440) {
        await widen(opened, view.name);
      }
    });
  }
}
