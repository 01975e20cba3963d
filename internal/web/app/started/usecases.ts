import { type Icon, IconApi, IconClock, IconCode, IconCpu, IconRoute, IconServer, IconShieldLock } from '../ui/icons';

/** One way of machines to talk, and what it asks for. */
export interface UseCase {
  id: string;
  icon: Icon;
  title: string;
  text: string;
  /** What the application could be called. */
  application: string;
  /** What the API could be called, and what it could allow. */
  api: { name: string; identifier: string; scope: string };
  /** Seconds; of a new API's tokens. */
  lifetime: number;
  /** Why so long. */
  lifetimeWhy: string;
  /** What to mind about the secret. */
  authentication: string;
  /** The sample that is shown first. */
  language: string;
}

/** The seven of the guide. */
export const useCases: UseCase[] = [
  {
    id: 'service',
    icon: IconServer,
    title: 'Service to service',
    text: 'A backend calls another one.',
    application: 'Orders service',
    api: { name: 'Inventory', identifier: 'https://inventory.example.com', scope: 'read:stock' },
    lifetime: 3600,
    lifetimeWhy: 'An hour: the service keeps its token and asks anew when it expires.',
    authentication: 'A client secret, from the environment or a secret store. Not in the repository.',
    language: 'go',
  },
  {
    id: 'job',
    icon: IconClock,
    title: 'Scheduled job',
    text: 'Something runs at night and reaches a protected API.',
    application: 'Timesheets Import Job',
    api: { name: 'Timesheets', identifier: 'https://timesheets.example.com', scope: 'batch:upload' },
    lifetime: 900,
    lifetimeWhy: 'A quarter of an hour: each run asks for one token, and needs it no longer.',
    authentication: 'A client secret that the scheduler hands to the job. One application for each job, so that one can be stopped.',
    language: 'python',
  },
  {
    id: 'device',
    icon: IconCpu,
    title: 'Devices',
    text: 'Things in the field report to a backend.',
    application: 'Thermostat 0001',
    api: { name: 'Telemetry', identifier: 'https://telemetry.example.com', scope: 'write:measurements' },
    lifetime: 3600,
    lifetimeWhy: 'An hour: a device that is lost is locked out when its application is deleted and its token has expired.',
    authentication:
      'A device can be opened. A key that never leaves it (private_key_jwt) would be best, but the token endpoint takes client secrets only, so far: give each device an application of its own, and it will tell no other’s secret.',
    language: 'curl',
  },
  {
    id: 'layer',
    icon: IconRoute,
    title: 'API to API',
    text: 'An API calls the next layer without a user, or after the user’s token has expired.',
    application: 'Checkout API',
    api: { name: 'Payments', identifier: 'https://payments.example.com', scope: 'create:payments' },
    lifetime: 3600,
    lifetimeWhy: 'An hour: the calling API keeps one token for all its requests.',
    authentication: 'A client secret of the calling API’s own. It never passes on a user’s token.',
    language: 'node',
  },
  {
    id: 'privileged',
    icon: IconShieldLock,
    title: 'Before a user is known',
    text: 'A privileged API is called while somebody is only about to sign in.',
    application: 'Sign-up hook',
    api: { name: 'Directory', identifier: 'https://directory.example.com', scope: 'lookup:accounts' },
    lifetime: 300,
    lifetimeWhy: 'Five minutes: what is privileged is short.',
    authentication: 'A client secret of its own, and no permission but the one that the call needs.',
    language: 'node',
  },
  {
    id: 'gateway',
    icon: IconApi,
    title: 'API gateway',
    text: 'A gateway stands before backend services and calls them on its own account.',
    application: 'Edge gateway',
    api: { name: 'Backend services', identifier: 'https://backend.example.com', scope: 'call:backend' },
    lifetime: 3600,
    lifetimeWhy: 'An hour: the gateway shares one token among all requests.',
    authentication: 'A client secret in the gateway’s own store, rotated there and here together.',
    language: 'java',
  },
  {
    id: 'tool',
    icon: IconCode,
    title: 'Daemons and tools',
    text: 'Scripts, agents and command lines without a person before them.',
    application: 'Backup agent',
    api: { name: 'Storage', identifier: 'https://storage.example.com', scope: 'write:backups' },
    lifetime: 3600,
    lifetimeWhy: 'An hour: a daemon keeps its token, a tool asks each time it runs.',
    authentication: 'A client secret in a file that only the daemon’s user reads.',
    language: 'curl',
  },
];
