import type { Operation } from './document';

/** What was typed for one operation. */
export interface Draft {
  values: Record<string, string>;
  body: string;
}

export interface Written {
  /** Below /api/v2/, with its query. */
  path: string;
  body?: unknown;
}

/** What is wrong with what was typed, by parameter; `body` for the body. Empty = it can be sent. */
export function faultsOf(operation: Operation, draft: Draft): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const { name, required } of operation.parameters) {
    if (required && !draft.values[name]) {
      faults[name] = 'This is required.';
    }
  }
  if (operation.body) {
    try {
      const body: unknown = JSON.parse(draft.body);
      if (typeof body !== 'object' || body === null || Array.isArray(body)) {
        faults.body = 'The body is an object: { … }.';
      }
    } catch (error) {
      faults.body = error instanceof Error ? error.message : String(error);
    }
  }
  return faults;
}

/** The request that a draft without faults is. */
export function write(operation: Operation, draft: Draft): Written {
  const query = new URLSearchParams();
  let path = operation.path.slice(1);
  for (const parameter of operation.parameters) {
    const value = draft.values[parameter.name] ?? '';
    if (parameter.in === 'path') {
      path = path.replace(`{${parameter.name}}`, value ? encodeURIComponent(value) : `{${parameter.name}}`);
    } else if (value) {
      query.set(parameter.name, value);
    }
  }
  const text = query.toString();
  return { path: text ? `${path}?${text}` : path, body: operation.body ? tryJSON(draft.body) : undefined };
}

function tryJSON(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The same request for a shell. The token stays out of it: it lives for minutes, and shells keep what is typed. */
export function curl(domain: string, operation: Operation, draft: Draft): string {
  const { path } = write(operation, draft);
  const lines = [
    `curl --request ${operation.method}`,
    `  --url ${shell(`https://${domain}/api/v2/${path}`)}`,
    '  --header "authorization: Bearer $WRIT_TOKEN"',
  ];
  if (operation.body) {
    lines.push("  --header 'content-type: application/json'", `  --data ${shell(draft.body)}`);
  }
  return lines.join(' \\\n');
}

function shell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
