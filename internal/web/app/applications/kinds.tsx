import type { Client } from '../api/types';

/** What an application is, in Auth0's words; app_type on the wire. */
export const kinds = [
  { value: 'non_interactive', label: 'Machine to Machine', text: 'Services, jobs, daemons, devices: programs that act for themselves.' },
  { value: 'regular_web', label: 'Regular Web Application', text: 'A web server that also calls APIs on its own account.' },
  { value: 'native', label: 'Native', text: 'Mobile and desktop programs. They cannot keep a secret.' },
  { value: 'spa', label: 'Single Page Application', text: 'Programs in a browser. They cannot keep a secret.' },
] as const;

export function kindLabel(client: Client): string {
  const kind = kinds.find((k) => k.value === client.app_type);
  if (kind) {
    return kind.label;
  }
  return client.app_type === 'resource_server' ? 'Stands for an API' : 'Generic';
}

/** Whether the application may ask for tokens on its own account. */
export function isMachine(client: Client): boolean {
  return client.grant_types?.includes('client_credentials') ?? false;
}
