// A small API as a customer would have it: it verifies each bearer by the tenant's published keys, and remembers what came.

import { createPublicKey, verify } from 'node:crypto';
import { createServer } from 'node:http';
import { get } from 'node:https';

/**
 * @typedef {object} Receiver
 * @property {string} url
 * @property {string[]} tokens The bearers of all requests since reset, in their order.
 * @property {() => void} reset
 * @property {() => void} revoke Refuses the first bearer that comes from now on, for ever, as after a rotation with revocation.
 * @property {() => Promise<unknown>} close
 */

/**
 * @param {{ domain: string, audience: string, ca: Buffer }} of
 * @returns {Promise<Receiver>}
 */
export async function receive({ domain, audience, ca }) {
  const { keys } = await json(`https://${domain}/.well-known/jwks.json`, ca);
  /** @type {string[]} */
  const tokens = [];
  const revoked = new Set();
  let revokes = false;
  const server = createServer((req, res) => {
    const token = req.headers.authorization?.match(/^Bearer (.+)$/)?.[1] ?? '';
    tokens.push(token);
    if (revokes) {
      revoked.add(token);
      revokes = false;
    }
    const fault = revoked.has(token) ? 'revoked' : faultOf(token, { keys, issuer: `https://${domain}/`, audience });
    res.writeHead(fault ? 401 : 200, { 'Content-Type': 'application/json' });
    res.end(JSON.stringify({ message: fault || 'Hello from the API.' }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}/it's/$HOME?from=a%20sample&to=an%20API`,
    tokens,
    reset: () => {
      tokens.length = 0;
      revoked.clear();
      revokes = false;
    },
    revoke: () => {
      revokes = true;
    },
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

/**
 * Why the token is no good; empty if it is.
 * @param {string} token
 * @param {{ keys: (import('node:crypto').JsonWebKey & { kid: string })[], issuer: string, audience: string }} wanted
 */
function faultOf(token, { keys, issuer, audience }) {
  const [head = '', body = '', signature = ''] = token.split('.');
  try {
    const header = decode(head);
    const jwk = keys.find((key) => key.kid === header.kid);
    if (header.alg !== 'RS256' || !jwk) {
      return 'no key of ours';
    }
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    if (!verify('RSA-SHA256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))) {
      return 'the signature is wrong';
    }
    const claims = decode(body);
    const good = claims.iss === issuer && claims.aud === audience && claims.exp * 1000 > Date.now();
    return good ? '' : `not for us: ${Buffer.from(body, 'base64url')}`;
  } catch (error) {
    return `no token: ${error}`;
  }
}

/** @param {string} part */
function decode(part) {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}

/**
 * @param {string} url
 * @param {Buffer} ca
 * @returns {Promise<any>}
 */
function json(url, ca) {
  return new Promise((resolve, reject) => {
    get(url, { ca }, (res) => {
      let text = '';
      res.setEncoding('utf8');
      res.on('data', (chunk) => {
        text += chunk;
      });
      res.on('end', () => resolve(JSON.parse(text)));
      res.on('error', reject);
    }).on('error', reject);
  });
}
