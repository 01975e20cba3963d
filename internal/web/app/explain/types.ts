/** A token request to be explained: by the record of a refused one, or by its parameters. */
export type Question = { log_id: string } | { client_id: string; client_secret?: string; audience?: string; scope?: string };

export type Outcome = 'passed' | 'failed' | 'not_reached';

export interface Answer {
  status: number;
  error?: string;
  error_description?: string;
  scope?: string;
  expires_in?: number;
}

export interface Call {
  method: string;
  /** As the Management API is called from outside: /api/v2/client-grants. */
  path: string;
  body?: unknown;
  /** One of these is needed. */
  scopes: string[];
}

export interface Mend {
  label: string;
  warning?: string;
  calls: Call[];
}

export interface Decision {
  name: string;
  outcome: Outcome;
  message?: string;
  facts?: Record<string, unknown>;
  mend?: Mend;
}

/** The answer of POST /writ/explain. */
export interface Explanation {
  refused: boolean;
  answer: Answer;
  recorded?: Answer;
  authentication_assumed: boolean;
  request: { client_id?: string; audience?: string; scope?: string };
  decisions: Decision[];
}

/** What people call the decisions. */
export const labels: Record<string, string> = {
  network: 'Network',
  request: 'Request',
  client: 'Application',
  authentication: 'Authentication',
  grant_type: 'Grant type',
  api: 'API',
  policy: 'Access policy',
  grant: 'Authorization',
  scope: 'Permissions',
  organization: 'Organization',
  proof_of_possession: 'Proof of possession',
  rate_limit: 'Rate limit',
  quota: 'Token quota',
  actions: 'Actions',
};
