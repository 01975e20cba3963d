// Every sample of the Quickstart as a reader gets it: chosen, copied, saved, and run with the commands that stand beside it, against
// this writ and a small API that verifies tokens.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { check, close, open } from '../harness.mjs';
import { receive } from '../receiver.mjs';

/** writ's data directory: there is the CA that the small API trusts. */
const data = process.env.WRIT_DATA ?? '';

/** What CI has; the others are said to be not run where they are not. @type {{ label: string, tool: string[], everywhere: boolean }[]} */
const languages = [
  { label: 'cURL', tool: ['curl', '--version'], everywhere: true },
  { label: 'C#', tool: ['dotnet', '--version'], everywhere: false },
  { label: 'Go', tool: ['go', 'version'], everywhere: true },
  { label: 'Java', tool: ['javac', '-version'], everywhere: true },
  { label: 'Node.js', tool: ['node', '--version'], everywhere: true },
  { label: 'Objective-C', tool: ['xcrun', '--version'], everywhere: false },
  { label: 'PHP', tool: ['php', '-r', 'exit(function_exists("curl_init") ? 0 : 1);'], everywhere: true },
  { label: 'Python', tool: ['python3', '--version'], everywhere: true },
  { label: 'Ruby', tool: ['ruby', '--version'], everywhere: true },
  { label: 'Swift', tool: ['swiftc', '--version'], everywhere: false },
];

// Whatever some language gives a meaning to, in the values that samples are written with.
const odd = `it's "odd" $HOME \${HOME} \`id\` #{1} \\(1) \\n \\u0022 %s%20 +&=<?> ü 日本 😀`;
const client = {
  id: 'samples_client-1',
  name: `Émile's "Samples" $(id)\\`,
  secret: `s${odd}\u202e`,
};
const audience = `https://samples.example.com/${odd}\t\n\u0001\u0085\u202e\u{e0001}`;

/** @type {Awaited<ReturnType<typeof open>>} */
let opened;
/** @type {import('../receiver.mjs').Receiver} */
let api;
const folder = mkdtempSync(path.join(tmpdir(), 'writ-samples-'));

before(async () => {
  opened = await open({ shared: true });
  await opened.page.goto('/manage/t/dev/applications');
  const domain = await opened.page.evaluate(prepare, { client, audience });
  api = await receive({ domain, audience, ca: readFileSync(path.join(data, 'ca.pem')) });
  await opened.page.goto(`/manage/t/dev/applications/${client.id}`);
});

after(async () => {
  await close();
  await api?.close();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * Makes the API, the application and the grant through the page's own interface. Returns the tenant's domain. Runs in the page.
 * @param {{ client: { id: string, name: string, secret: string }, audience: string }} of
 * @returns {Promise<string>}
 */
async function prepare({ client: { id, name, secret }, audience: identifier }) {
  const post = (/** @type {object} */ body, method = 'POST') => ({
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const session = await (await fetch('/manage/session')).json();
  const asking = post({ tenant: 'dev' });
  const whose = { ...asking.headers, 'Writ-Operator': session.operator.id };
  const bearer = await (await fetch('/manage/token', { ...asking, headers: whose })).json();
  const write = async (/** @type {string} */ to, /** @type {object} */ body, method = 'POST') => {
    const init = post(body, method);
    const headers = { ...init.headers, Authorization: `Bearer ${bearer.access_token}` };
    const answer = await fetch(`/manage/t/dev/api/v2/${to}`, { ...init, headers });
    if (!answer.ok && answer.status !== 409) {
      throw new Error(`${to}: ${answer.status} ${await answer.text()}`);
    }
  };
  // Each token of this dialect has a jti: two of the same second are not the same.
  const profile = { token_lifetime: 3600, token_dialect: 'rfc9068_profile' };
  await write('resource-servers', { name: 'Samples', identifier, ...profile, scopes: [{ value: 'read:hello' }] });
  const grants = { app_type: 'non_interactive', grant_types: ['client_credentials'], token_endpoint_auth_method: 'client_secret_post' };
  await write(`writ/clients/${id}`, { name, client_secret: secret, ...grants }, 'PUT');
  await write('client-grants', { client_id: id, audience: identifier, scope: ['read:hello'] });
  return session.memberships.find((/** @type {{ tenant: string }} */ m) => m.tenant === 'dev').domain;
}

/**
 * What a block of code copies, which is also what it shows unless a secret is masked.
 * @param {import('playwright-core').Locator} pre
 */
async function copied(pre) {
  const block = pre.locator('xpath=..');
  await opened.page.evaluate(() => navigator.clipboard.writeText(''));
  await block.getByRole('button', { name: /^Copy: |^Copied$/ }).click();
  const text = await opened.page.waitForFunction(() => navigator.clipboard.readText());
  return { label: (await block.locator('span').first().textContent()) ?? '', text: await text.jsonValue(), shown: await pre.textContent() };
}

/**
 * Takes a sample from the page and saves it, with the commands that run it.
 * @param {string} label
 * @param {'One call' | 'Keep the token'} variant
 * @param {boolean} [embedded] with the secret in it
 */
async function take(label, variant, embedded = false) {
  const { page } = opened;
  await page.getByLabel('Address of your API').fill(api.url);
  await page.getByRole('tab', { name: label, exact: true }).click();
  await page.getByText(variant, { exact: true }).click();
  await page.getByRole('switch', { name: 'Copy with the secret' }).setChecked(embedded, { force: true });
  const panel = page.getByRole('tabpanel', { name: label, exact: true });
  if (embedded) {
    await panel.getByText('*****MASKED*****').waitFor(); // the secret is read only now
  }
  const sample = await copied(panel.locator('pre').nth(0));
  const run = await copied(panel.locator('pre').nth(1));
  if (embedded) {
    assert.doesNotMatch(sample.text, /WRIT_CLIENT_SECRET|MASKED/);
    assert.match(sample.shown ?? '', /\*{5}MASKED\*{5}/);
  } else {
    assert.equal(sample.shown, sample.text);
  }
  const dir = mkdtempSync(path.join(folder, 'sample-'));
  writeFileSync(path.join(dir, sample.label), sample.text);
  mkdirSync(path.join(dir, 'cache'));
  return { dir, commands: run.text };
}

/**
 * Runs the commands as somebody would in a terminal, who types the secret when asked.
 * @param {{ dir: string, commands: string }} sample
 * @param {string} secret
 * @returns {Promise<{ code: number | null, out: string, all: string }>}
 */
function run({ dir, commands }, secret) {
  const { WRIT_CLIENT_SECRET: _, ...env } = process.env;
  const child = spawn('bash', ['-euo', 'pipefail', '-c', commands], {
    cwd: dir,
    env: { ...env, TOKEN_CACHE: path.join(dir, 'cache') },
    timeout: 120_000,
  });
  let [out, all] = ['', ''];
  child.stdout.on('data', (text) => {
    out += text;
    all += text;
  });
  child.stderr.on('data', (text) => {
    all += text;
  });
  child.stdin.on('error', () => {}); // a sample that holds the secret reads nothing
  child.stdin.end(`${secret}\n`);
  return new Promise((resolve, reject) => child.on('error', reject).on('close', (code) => resolve({ code, out, all })));
}

/**
 * The commands of a second run: the key store that Java trusts is made once.
 * @param {{ dir: string, commands: string }} sample
 */
function again({ dir, commands }) {
  return { dir, commands: commands.replace(/^keytool .*\n/m, '') };
}

/** @param {{ label: string, tool: string[], everywhere: boolean }} language */
function absent({ label, tool: [name = '', ...args], everywhere }) {
  if (spawnSync(name, args, { stdio: 'ignore' }).status === 0) {
    return false;
  }
  return everywhere && process.env.CI === 'true' ? false : `not run: ${name} for ${label} is not installed`;
}

it('shows the guide’s ten languages', async () => {
  const tabs = opened.page.getByRole('tablist', { name: 'Language' }).getByRole('tab');
  await tabs.first().waitFor();
  assert.deepEqual(
    await tabs.allTextContents(),
    languages.map((l) => l.label),
  );
});

for (const language of languages) {
  const { label } = language;
  const skip = absent(language);
  if (skip) {
    it(label, { skip }, () => {});
    continue;
  }
  describe(label, () => {
    it('calls the API, with the secret from the environment and with it in the sample', async () => {
      for (const embedded of [false, true]) {
        api.reset();
        const { code, out, all } = await run(await take(label, 'One call', embedded), embedded ? '' : client.secret);
        assert.equal(code, 0, all);
        assert.match(out, /Hello from the API\./);
        assert.equal(api.tokens.length, 1);
      }
    });

    it('ends loudly with the wrong secret and without an answer of the API', async () => {
      const sample = await take(label, 'One call');
      const refused = await run(sample, 'wrong');
      assert.notEqual(refused.code, 0);
      assert.match(refused.all, /401.*Unauthorized|Unauthorized.*401/s);

      api.reset();
      api.revoke();
      const unanswered = await run(again(sample), client.secret);
      assert.notEqual(unanswered.code, 0);
      assert.match(unanswered.all, /401/);
    });

    it('keeps a token, and replaces one that the API refuses', async () => {
      const sample = await take(label, 'Keep the token');
      const refused = await run(sample, 'wrong');
      assert.notEqual(refused.code, 0);
      assert.match(refused.all, /401.*Unauthorized|Unauthorized.*401/s);

      api.reset();
      for (let n = 0; n < 2; n++) {
        const { code, out, all } = await run(again(sample), client.secret);
        assert.equal(code, 0, all);
        assert.match(out, /Hello from the API\./);
      }
      // Programs that run on make three calls in each run with one token; the others keep theirs from the first run to the second.
      const perRun = api.tokens.length / 2;
      assert.equal(new Set(api.tokens).size, perRun === 1 ? 1 : 2);
      assert.equal(new Set(api.tokens.slice(0, perRun)).size, 1);

      api.reset();
      api.revoke();
      const renewed = await run(again(sample), client.secret);
      assert.equal(renewed.code, 0, renewed.all);
      assert.match(renewed.out, /Hello from the API\./);
      assert.equal(new Set(api.tokens).size, 2);
    });
  });
}

it('shows a secret only when asked, and remembers the language', async () => {
  const { page } = opened;
  await page.getByRole('tab', { name: 'Python', exact: true }).click();
  await page.getByText('One call', { exact: true }).click();
  const code = page.getByRole('tabpanel', { name: 'Python' }).locator('pre').first();
  const embed = page.getByRole('switch', { name: 'Copy with the secret' });
  await embed.setChecked(false, { force: true });
  assert.match((await code.textContent()) ?? '', /os\.environ\["WRIT_CLIENT_SECRET"\]/);
  await embed.setChecked(true, { force: true });
  await code.getByText('*****MASKED*****').waitFor();
  assert.doesNotMatch(await page.content(), /日本 😀\\u202e"/); // the end of the secret; the audience ends otherwise
  await page.getByRole('button', { name: 'Show the secret' }).click();
  assert.match((await code.textContent()) ?? '', /CLIENT_SECRET = "sit's .*日本 😀\\u202e"/);
  await check(opened);
  await page.reload();
  await page.getByRole('tab', { name: 'Python', exact: true, selected: true }).waitFor();
  await page.getByRole('tab', { name: 'Python', exact: true }).press('ArrowRight');
  await page.getByRole('tab', { name: 'Ruby', exact: true, selected: true }).waitFor();
});

it('says what is wrong with an address', async () => {
  const { page } = opened;
  await page.getByLabel('Address of your API').fill('ftp://example.com');
  await page.getByText('Type an address that begins with https:// or http://.').waitFor();
  await check(opened);
});

it('a viewer gets samples without the secret', async () => {
  const viewer = await open({ role: 'viewer' });
  await viewer.page.goto(`/manage/t/dev/applications/${client.id}`);
  await viewer.page.getByText('Your role does not show this application’s secret.').waitFor();
  assert.equal(await viewer.page.getByRole('switch').count(), 0);
  await check(viewer);
});

it('says why there is no sample: nothing to call, a public application', async () => {
  const { page } = opened;
  await page.goto('/manage/t/dev/applications?search=Thermostat');
  await page.getByRole('link', { name: 'Thermostat Fleet' }).click();
  await page.getByRole('button', { name: 'Choose an API' }).click();
  await page.getByRole('switch', { name: 'Authorize Timesheets' }).waitFor();
  await page.goto('/manage/t/dev/applications?search=Portal');
  await page.getByRole('link', { name: 'Customer Portal' }).click();
  await page.getByText('A public application has no secret').waitFor();
  await check(opened);
});

it('an API shows what to verify, and code as one of its applications', async () => {
  const { page } = opened;
  await page.goto('/manage/t/dev/apis');
  await page.getByRole('link', { name: 'Samples', exact: true }).click();
  assert.equal(await page.getByRole('textbox', { name: 'Audience (aud)' }).inputValue(), audience.replace('\n', ''));
  await page.getByRole('tab', { name: 'Go', exact: true }).click();
  await page.getByRole('tabpanel', { name: 'Go', exact: true }).getByText(client.id).waitFor();
  await check(opened);
});
