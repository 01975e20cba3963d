// How long somebody waits for a page: from the request to the first paint that shows what the page is for. `make paint` runs it over a writ
// of its own and writes the figures into docs/dashboard.md; on a machine that does other things at the same time they are worth little.

import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { close, open } from './harness.mjs';

const rounds = 9;

/** A page, and what is there once it is of use. */
const pages = [
  { name: 'Sign in', path: '/manage/signin', useful: 'button[type=submit]', signedOut: true },
  { name: 'Getting started', path: '/manage/t/dev/start', useful: '[data-step] h3' },
  { name: 'Applications', path: '/manage/t/dev/applications', useful: 'table[aria-label=Applications] tbody td' },
  { name: 'Logs', path: '/manage/t/dev/logs', useful: 'table[aria-label=Events] tbody td' },
  { name: 'Activity, with its chart', path: '/manage/t/dev/activity', useful: '.recharts-bar-rectangle path' },
];

/**
 * Notes when what is useful has been painted. Runs in the page, before anything else.
 * @param {string} useful
 */
function watch(useful) {
  const seen = new MutationObserver(() => {
    if (document.querySelector(useful)) {
      seen.disconnect();
      requestAnimationFrame(() =>
        setTimeout(() => {
          performance.mark('useful'); // the frame with it is out
        }),
      );
    }
  });
  seen.observe(document, { childList: true, subtree: true });
}

/**
 * Milliseconds from the request to the useful paint.
 * @param {import('playwright-core').Page} page
 * @param {string} path
 * @returns {Promise<number>}
 */
async function visit(page, path) {
  await page.goto(path);
  return page.evaluate(async () => {
    for (;;) {
      const [mark] = performance.getEntriesByName('useful');
      if (mark) {
        return mark.startTime;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });
}

/** @param {number[]} all */
function spread(all) {
  const sorted = all.toSorted((a, b) => a - b).map(Math.round);
  return { median: sorted[sorted.length >> 1] ?? 0, slowest: sorted.at(-1) ?? 0 };
}

const rows = [];
for (const { name, path, useful, signedOut = false } of pages) {
  const first = [];
  const again = [];
  for (let i = 0; i <= rounds; i++) {
    const { page, context } = await open({ signedOut }); // with nothing in its cache
    await page.addInitScript(watch, useful);
    const cold = await visit(page, path);
    const warm = await visit(page, path);
    if (i > 0) {
      first.push(cold); // the round before compiled the sources, and warmed the browser up
      again.push(warm);
    }
    await context.close();
  }
  const [cold, warm] = [spread(first), spread(again)];
  rows.push(`| ${name} | ${cold.median} ms | ${cold.slowest} ms | ${warm.median} ms |`);
  console.log(rows.at(-1));
}
await close();

const [cpu] = os.cpus();
const machine = `${os.cpus().length} × ${cpu?.model.trim()}, ${os.type()}, load ${os.loadavg()[0]?.toFixed(1)}`;
const report = `| | first visit, median of ${rounds} | slowest | with the files in the cache |
|---|---|---|---|
${rows.join('\n')}

${new Date().toISOString().slice(0, 10)}, ${machine}; headless Chromium over loopback, TLS, browser and server on the same cores.
`;
console.log(`\n${report}`);
if (process.argv.includes('--report')) {
  const doc = new URL('../docs/dashboard.md', import.meta.url);
  const text = readFileSync(doc, 'utf8');
  const place = /(<!-- paint: make paint -->\n).*?(<!-- \/paint -->)/s;
  if (!place.test(text)) {
    throw new Error('docs/dashboard.md has no place for the figures');
  }
  writeFileSync(doc, text.replace(place, `$1${report}$2`));
}
