/** What went wrong, as far as a person has to act differently. */
export type Trouble = 'network' | 'session' | 'forbidden' | 'missing' | 'conflict' | 'limited' | 'invalid' | 'server' | 'page';

/** A request that failed. The message is the API's own, or ours where none came. */
export class ApiError extends Error {
  constructor(
    readonly trouble: Trouble,
    message: string,
    /** HTTP status; 0 if no answer came. */
    readonly status = 0,
    /** Seconds to wait, from Retry-After or x-ratelimit-reset. */
    readonly retryAfter = 0,
  ) {
    super(message);
    this.name = 'ApiError';
  }

  /** The faults that belong to one property each, by its path as the API writes it: `scopes[0].value`. */
  get fields(): Record<string, string> {
    return fieldFaults(this.message);
  }
}

/** A fault of one property that the page has found itself, in the API's form. */
export function faultOn(property: string, text: string): ApiError {
  return new ApiError('invalid', `Payload validation error: '${text}' on property ${property}`);
}

const kinds: Record<number, Trouble> = { 401: 'session', 403: 'forbidden', 404: 'missing', 409: 'conflict', 429: 'limited' };

/** Reads an answer that is not 2xx. */
export async function refusal(answer: Response): Promise<ApiError> {
  let message = '';
  try {
    const body: unknown = await answer.json();
    message = textOf(body);
  } catch {
    // No JSON: a proxy's page, perhaps. The status has to do.
  }
  const trouble = kinds[answer.status] ?? (answer.status >= 500 ? 'server' : 'invalid');
  return new ApiError(trouble, message || `The server answered ${answer.status}.`, answer.status, waiting(answer));
}

/** The text of Auth0's two error envelopes. */
function textOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) {
    return '';
  }
  const { message, error_description: description } = body as { message?: unknown; error_description?: unknown };
  return typeof message === 'string' ? message : typeof description === 'string' ? description : '';
}

/** How long the server wants to be left alone. The API sends x-ratelimit-reset with every answer: it counts only where the limit is reached. */
function waiting(answer: Response): number {
  const after = Number(answer.headers.get('Retry-After'));
  if (after > 0) {
    return after;
  }
  const reset = answer.status === 429 ? Number(answer.headers.get('x-ratelimit-reset')) : 0;
  return reset > 0 ? Math.max(1, Math.ceil(reset - Date.now() / 1000)) : 0;
}

const faultShape = /^Payload validation error: '(.*)' on property ([^ ]+?)(?: \(.*\))?\.?$/s;
const missingShape = /^Payload validation error: 'Missing required property: ([^']+)'\.?$/;

/** Messages about one property that do not have its name where the others have it. */
const plain: [RegExp, string][] = [
  [/same identifier already exists|selected identifier is reserved/, 'identifier'],
  [/^Scope "/, 'scopes'],
  [/^The domain "/, 'domain'],
  [/requires `match` or `not_match`/, 'rule.match'],
  [/of `redirect` requires a `redirect_uri`/, 'rule.action'],
  [/^Invalid curated list name/, 'rule.auth0_managed'],
];

function fieldFaults(message: string): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const [shape, field] of plain) {
    if (shape.test(message)) {
      faults[field] = message;
    }
  }
  for (const sentence of message.split(' (also) ')) {
    const missing = missingShape.exec(sentence);
    if (missing?.[1]) {
      faults[missing[1]] = 'This is required.';
    }
    const fault = faultShape.exec(sentence);
    if (fault?.[1] && fault[2]) {
      faults[fault[2]] ??= fault[1];
    }
  }
  return faults;
}

/** What to show of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
