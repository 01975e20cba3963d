// What journeys do beside the page: the tenant's own interfaces, as scripts use them.

import assert from 'node:assert/strict';
import { pageHeaders } from './harness.mjs';

/** @typedef {import('playwright-core').Page} Page */

/**
 * A tenant of its own for a journey.
 * @param {Page} page - Signed in.
 * @returns {Promise<string>} its name.
 */
export async function freshTenant(page) {
  const name = `t-${Date.now().toString(36)}-${Math.floor(Math.random() * 1e6).toString(36)}`;
  const answer = await page.request.post('/manage/tenants', {
    data: { name, environment: 'development' },
    headers: await pageHeaders(page.request),
  });
  assert.equal(answer.status(), 201, await answer.text());
  return name;
}

/**
 * The tenant's Management API and token endpoint.
 * @param {Page} page - Signed in as a member.
 * @param {string} tenant
 */
export async function tenantApi(page, tenant) {
  const opened = await page.request.post('/manage/token', { data: { tenant }, headers: await pageHeaders(page.request) });
  assert.equal(opened.status(), 200, await opened.text());
  const own = (await opened.json()).access_token;

  /**
   * @param {string} method
   * @param {string} path - Below /api/v2/.
   * @param {{ body?: unknown, bearer?: string }} [more] - Whose bearer; default the operator's.
   */
  const call = async (method, path, { body, bearer = own } = {}) => {
    const answer = await page.request.fetch(`/manage/t/${tenant}/api/v2/${path}`, {
      method,
      headers: { Authorization: `Bearer ${bearer}` },
      data: body,
    });
    const text = await answer.text();
    assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${text}`);
    return text ? JSON.parse(text) : undefined;
  };

  /**
   * Asks for a token; the answer may be a refusal.
   * @param {{ client_id: string, client_secret: string }} client
   * @param {string} audience
   * @param {string} [scope]
   * @param {string} [organization] - Its id.
   */
  const token = async (client, audience, scope, organization) => {
    const { client_id, client_secret } = client;
    const data = { grant_type: 'client_credentials', client_id, client_secret, audience, scope, organization };
    return (await page.request.post(`/manage/t/${tenant}/oauth/token`, { data })).json();
  };

  /** Makes an application that may call an API. @param {string} name @param {string} audience @param {string[]} scope */
  const caller = async (name, audience, scope) => {
    const client = await call('POST', 'clients', { body: { name, app_type: 'non_interactive', grant_types: ['client_credentials'] } });
    const grant = await call('POST', 'client-grants', { body: { client_id: client.client_id, audience, scope } });
    return { client, grant };
  };
  return { call, token, caller };
}

/** The claims of a token. @param {string} token */
export function claimsOf(token) {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}
