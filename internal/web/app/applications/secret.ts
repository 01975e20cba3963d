import { useCallback } from 'react';
import type { TenantApi } from '../api/tenant';
import type { Client } from '../api/types';
import { useCan, useTenant } from '../shell/tenant';

/**
 * Where an application is read, without its secret: the log has a record of each answer that shows one, so that a page asks for it only
 * when somebody does.
 */
export function clientPath(id: string): string {
  return `clients/${encodeURIComponent(id)}?fields=client_secret&include_fields=false`;
}

/** The secret alone. Throws ApiError. */
async function readSecret(api: TenantApi, id: string): Promise<string> {
  const { client_secret: secret } = await api.get<Client>(`clients/${encodeURIComponent(id)}?fields=client_secret`);
  return secret ?? '';
}

/** What gets the application's secret; absent where there is none, or the role does not show it. */
export function useSecret(client: Client | undefined): (() => Promise<string>) | undefined {
  const { api } = useTenant();
  const may = useCan('read:client_keys', 'read:client_credentials');
  const id = client?.client_id ?? '';
  const read = useCallback(() => readSecret(api, id), [api, id]);
  return client && may && hasSecret(client) ? read : undefined;
}

/** Public applications have none, and those with keys show none. */
export function hasSecret(client: Client): boolean {
  return client.token_endpoint_auth_method !== 'none' && !client.client_authentication_methods;
}
