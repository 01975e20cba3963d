/** The wire form of an Action. */
export interface Action {
  id: string;
  name: string;
  supported_triggers: Trigger[];
  code: string;
  dependencies: { name: string; version?: string }[];
  runtime: string;
  /** Of the draft. */
  status: string;
  /** Why the draft could not be built. */
  errors?: { id: string; msg: string }[];
  secrets: { name: string; updated_at: string }[];
  modules?: { module_name: string; module_version_number?: number }[];
  deployed_version?: Version;
  all_changes_deployed: boolean;
  updated_at: string;
}

export interface Trigger {
  id: string;
  version: string;
}

export interface Version {
  id: string;
  number: number;
  deployed: boolean;
  code: string;
  runtime: string;
  created_at: string;
}

export interface Binding {
  id: string;
  display_name: string;
  action: { id: string; name: string };
}

/** The trigger of machines: what is bound to it is to run before a token is issued. */
export const machineTrigger = 'credentials-exchange';

/** What Auth0's dashboard calls the triggers that machines have to do with; others go by their ids. */
export function triggerLabel({ id, version }: Trigger): string {
  return `${id === machineTrigger ? 'Machine to Machine' : id} (${version})`;
}
