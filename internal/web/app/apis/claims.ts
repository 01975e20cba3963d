/** A JWT's two readable parts. Nothing is verified: the page has just been given it by the server. */
export interface Decoded {
  header: Record<string, unknown>;
  payload: Record<string, unknown>;
}

/** null for what is no JWS (a JWE, for one). */
export function decode(token: string): Decoded | null {
  const parts = token.split('.');
  if (parts.length !== 3) {
    return null;
  }
  try {
    return { header: part(parts[0] ?? ''), payload: part(parts[1] ?? '') };
  } catch {
    return null;
  }
}

function part(text: string): Record<string, unknown> {
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
}

const words: Record<string, string> = {
  alg: 'How it is signed. Your API accepts this algorithm and no other.',
  typ: 'What kind of token it is: at+jwt is an access token of RFC 9068.',
  kid: 'Which of the tenant’s keys signed it. Your API finds it in the JSON Web Key Set.',
  iss: 'Who issued it: the tenant. Your API compares it byte for byte, with the slash at the end.',
  sub: 'Whom it stands for: the application itself, no person.',
  aud: 'Which API it is for. Your API refuses tokens for others.',
  azp: 'The application that asked for it.',
  client_id: 'The application that asked for it.',
  gty: 'The grant by which it was issued.',
  jti: 'Its own id; it is in the log.',
  scope: 'What its holder may do, separated by spaces. Your API looks here before it acts.',
  permissions: 'What its holder may do, as a list.',
  org_id: 'The organization that it was issued for.',
};

/** One sentence on a claim or a header field. */
export function explain(name: string, value: unknown): string {
  if ((name === 'iat' || name === 'exp' || name === 'nbf') && typeof value === 'number') {
    const verb = { iat: 'Issued', exp: 'Expires', nbf: 'Not valid before' }[name];
    return `${verb} ${new Date(value * 1000).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })}.`;
  }
  return words[name] ?? 'A claim of your own.';
}
