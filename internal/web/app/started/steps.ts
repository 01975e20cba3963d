import type { Membership } from '../api/types';
import type { Facts } from './facts';

/** One thing that is so or not, seen in the tenant's state. */
export interface Check {
  id: string;
  label: string;
  /** undefined = the role does not show it. */
  done: boolean | undefined;
  /** Where it is done: a page of the tenant. */
  action: { label: string; path: string };
}

/** One step of the guide. It is done when all that it asks is so. */
export interface Step {
  id: string;
  title: string;
  why: string;
  checks: Check[];
}

export function isDone(step: Step): boolean {
  return step.checks.every((check) => check.done);
}

/** A token that lives longer than this outlives its usefulness for a machine, which can ask for another at any time. */
const advisedLifetime = 3600;

/** The seven steps, in the guide's order, judged by what is so now. */
export function stepsOf(facts: Facts, membership: Membership): Step[] {
  return [
    architecture(facts),
    account(facts, membership),
    authentication(facts),
    branding(facts, membership),
    automation(facts),
    quality(facts),
    deployment(facts, membership),
  ];
}

function architecture({ apis, environments }: Facts): Step {
  return {
    id: 'architecture',
    title: 'Architecture',
    why: 'One API for what is protected together: it is the audience of its tokens. One tenant for each environment: no token, key or application of one is good in another.',
    checks: [
      { id: 'api', label: 'An API of yours is registered', done: apis && apis.length > 0, action: { label: 'APIs', path: '/apis' } },
      {
        id: 'environments',
        label: 'Another environment has a tenant of its own',
        done: environments.size > 1,
        action: { label: 'Environment tag', path: '/settings' },
      },
    ],
  };
}

function account({ grants, settings }: Facts, { tenant }: Membership): Step {
  const name = settings?.friendly_name ?? '';
  return {
    id: 'account',
    title: 'Account',
    why: 'Each program that calls an API is an application of its own, so that each can be stopped alone, and the log tells who it was.',
    checks: [
      {
        id: 'name',
        label: 'The tenant has a name for people',
        done: settings && name !== '' && name !== tenant,
        action: { label: 'General settings', path: '/settings' },
      },
      {
        id: 'grant',
        label: 'An application may call an API of yours',
        done: grants && grants.length > 0,
        action: { label: 'Applications', path: '/applications' },
      },
    ],
  };
}

function authentication({ apis, issued }: Facts): Step {
  const some = apis && apis.length > 0;
  return {
    id: 'authentication',
    title: 'Authentication',
    why: 'The client credentials grant: an application proves who it is and gets a token in one request. Permissions say what it may do, the lifetime for how long a stolen one is good.',
    checks: [
      {
        id: 'scopes',
        label: 'Every API has permissions',
        done: some && apis.every((a) => (a.scopes ?? []).length > 0),
        action: {
          label: 'Permissions',
          path: pathOf(
            apis?.find((a) => !a.scopes?.length),
            'permissions',
          ),
        },
      },
      {
        id: 'lifetime',
        label: 'No API’s tokens live longer than an hour',
        done: some && apis.every((a) => a.token_lifetime <= advisedLifetime),
        action: { label: 'Lifetime', path: pathOf(apis?.find((a) => a.token_lifetime > advisedLifetime)) },
      },
      {
        id: 'token',
        label: 'A token was issued for an API of yours',
        done: issued,
        action: { label: 'Ask for one', path: pathOf(apis?.[0], 'test') },
      },
    ],
  };
}

/** A tab of an API; the list where there is none. */
function pathOf(api: { id: string } | undefined, tab?: string): string {
  return api ? `/apis/${api.id}${tab ? `?tab=${tab}` : ''}` : '/apis';
}

function branding({ settings }: Facts, { domain }: Membership): Step {
  return {
    id: 'branding',
    title: 'Branding',
    why: `No person logs in here: what bears your name is the issuer of your tokens, https://${domain}/, and whom to ask about it.`,
    checks: [
      {
        id: 'support',
        label: 'There is somebody to ask: a support address',
        done: settings && Boolean(settings.support_email || settings.support_url),
        action: { label: 'Support', path: '/settings' },
      },
    ],
  };
}

function automation({ automated }: Facts): Step {
  return {
    id: 'automation',
    title: 'Automation',
    why: 'What is clicked is forgotten. Keep the configuration in a repository and let a program bring it here: a0deploy, Terraform, or the Management API.',
    checks: [
      {
        id: 'program',
        label: 'A program has changed the configuration',
        done: automated,
        action: { label: 'Operations of the log', path: '/logs?type=sapi' },
      },
    ],
  };
}

function quality({ refused, keys, apis }: Facts): Step {
  return {
    id: 'quality',
    title: 'Quality assurance',
    why: 'Before others find out, see what is refused, and that your APIs still accept tokens when the signing key is another.',
    checks: [
      {
        id: 'refusal',
        label: 'An application was refused what it may not have',
        done: refused,
        action: { label: 'Machine to Machine Applications', path: pathOf(apis?.[0], 'applications') },
      },
      {
        id: 'rotation',
        label: 'The signing keys were rotated',
        done: keys?.some((k) => k.previous || k.revoked),
        action: { label: 'Signing keys', path: '/settings?tab=keys' },
      },
    ],
  };
}

function deployment({ admins }: Facts, { environment }: Membership): Step {
  return {
    id: 'deployment',
    title: 'Deployment',
    why: 'The tag sets the limits of the Management API. A second person can help when the first is away.',
    checks: [
      {
        id: 'tag',
        label: 'The tenant is tagged staging or production',
        done: environment !== 'development',
        action: { label: 'Environment tag', path: '/settings' },
      },
      {
        id: 'people',
        label: 'Two people may administer it',
        done: admins === undefined ? undefined : admins > 1,
        action: { label: 'Members', path: '/settings?tab=members' },
      },
    ],
  };
}
