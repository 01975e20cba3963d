import {
  type Icon,
  IconActivity,
  IconApi,
  IconApps,
  IconBolt,
  IconBroadcast,
  IconBuilding,
  IconChartBar,
  IconGauge,
  IconListSearch,
  IconRocket,
  IconSettings,
  IconSitemap,
  IconWall,
  IconWorld,
} from './ui/icons';
import { type Part, part } from './ui/part';

/** One entry of the sidebar with the views under it. */
export interface Page {
  /** The address below /manage/t/{tenant}. */
  path: string;
  label: string;
  /** The heading above it in the sidebar, said once for those of one group that follow each other. */
  group?: string;
  icon: Icon;
  /** The role needs one of these to see the page; without, the page says so. */
  scopes: string[];
  /** More words under which the search finds it. */
  keywords?: string;
  /** Patterns below path, most specific first, and their views; `` is the page itself. */
  views: { pattern: string; view: Part<ViewProps> }[];
}

export interface ViewProps {
  /** The values of the pattern's names. */
  params: Record<string, string>;
}

/** The page that a tenant opens with while one of its steps is open. */
export const guide = '/start';

/**
 * All pages, in the sidebar's order. Adding one is a line here and a file with its views, each loaded when it is first shown.
 * The first one that the role may see is where a tenant opens; once the guide's steps are done, the one behind it.
 */
export const pages: Page[] = [
  {
    path: guide,
    label: 'Getting started',
    icon: IconRocket,
    scopes: ['read:resource_servers'],
    keywords: 'guide wizard use cases steps first',
    views: [
      { pattern: '/:use', view: part(() => import('./started/wizard')) },
      { pattern: '', view: part(() => import('./started/started')) },
    ],
  },
  {
    path: '/applications',
    label: 'Applications',
    group: 'Access',
    icon: IconApps,
    scopes: ['read:clients'],
    keywords: 'clients machine to machine credentials secret',
    views: [
      { pattern: '/:id', view: part(() => import('./applications/application')) },
      { pattern: '', view: part(() => import('./applications/list')) },
    ],
  },
  {
    path: '/apis',
    label: 'APIs',
    group: 'Access',
    icon: IconApi,
    scopes: ['read:resource_servers'],
    keywords: 'resource servers audience permissions scopes',
    views: [
      { pattern: '/:id', view: part(() => import('./apis/api')) },
      { pattern: '', view: part(() => import('./apis/list')) },
    ],
  },
  {
    path: '/organizations',
    label: 'Organizations',
    group: 'Access',
    icon: IconBuilding,
    scopes: ['read:organizations'],
    keywords: 'customers companies b2b machine-to-machine access',
    views: [
      { pattern: '/:id', view: part(() => import('./organizations/organization')) },
      { pattern: '', view: part(() => import('./organizations/list')) },
    ],
  },
  {
    path: '/map',
    label: 'Map',
    group: 'Access',
    icon: IconSitemap,
    scopes: ['read:client_grants'],
    keywords: 'infrastructure graph grants diagram mermaid architecture',
    views: [{ pattern: '', view: part(() => import('./map/map')) }],
  },
  {
    path: '/activity',
    label: 'Activity',
    group: 'Monitoring',
    icon: IconActivity,
    scopes: ['read:logs'],
    keywords: 'tokens failures usage chart statistics',
    views: [{ pattern: '', view: part(() => import('./activity/activity')) }],
  },
  {
    path: '/usage',
    label: 'Usage',
    group: 'Monitoring',
    icon: IconChartBar,
    scopes: ['read:writ_usage'],
    keywords: 'quota utilization tokens month csv report',
    views: [{ pattern: '', view: part(() => import('./usage/usage')) }],
  },
  {
    path: '/logs',
    label: 'Logs',
    group: 'Monitoring',
    icon: IconListSearch,
    scopes: ['read:logs'],
    keywords: 'events failed tokens audit',
    views: [
      { pattern: '/:id', view: part(() => import('./logs/event')) },
      { pattern: '', view: part(() => import('./logs/list')) },
    ],
  },
  {
    path: '/log-streams',
    label: 'Log streams',
    group: 'Monitoring',
    icon: IconBroadcast,
    scopes: ['read:log_streams'],
    keywords: 'webhook datadog splunk eventbridge event grid sumo segment mixpanel',
    views: [
      { pattern: '/new', view: part(() => import('./logstreams/create')) },
      { pattern: '/:id', view: part(() => import('./logstreams/stream')) },
      { pattern: '', view: part(() => import('./logstreams/list')) },
    ],
  },
  {
    path: '/rate-limits',
    label: 'Rate limits',
    group: 'Protection',
    icon: IconGauge,
    scopes: ['read:rate_limit_policies'],
    keywords: 'policies throttle 429',
    views: [
      { pattern: '/new', view: part(() => import('./ratelimits/create')) },
      { pattern: '/:id', view: part(() => import('./ratelimits/policy')) },
      { pattern: '', view: part(() => import('./ratelimits/list')) },
    ],
  },
  {
    path: '/network-acls',
    label: 'Network ACLs',
    group: 'Protection',
    icon: IconWall,
    scopes: ['read:network_acls'],
    keywords: 'firewall addresses ip block allow access control lists',
    views: [
      { pattern: '/new', view: part(() => import('./networkacls/create')) },
      { pattern: '/:id', view: part(() => import('./networkacls/acl')) },
      { pattern: '', view: part(() => import('./networkacls/list')) },
    ],
  },
  {
    path: '/actions',
    label: 'Actions',
    group: 'Tenant',
    icon: IconBolt,
    scopes: ['read:actions'],
    keywords: 'code triggers library flows versions',
    views: [
      { pattern: '/:id', view: part(() => import('./actions/action')) },
      { pattern: '', view: part(() => import('./actions/list')) },
    ],
  },
  {
    path: '/custom-domains',
    label: 'Custom domains',
    group: 'Tenant',
    icon: IconWorld,
    scopes: ['read:custom_domains'],
    keywords: 'branding dns cname txt certificates hosts',
    views: [
      { pattern: '/:id', view: part(() => import('./customdomains/domain')) },
      { pattern: '', view: part(() => import('./customdomains/list')) },
    ],
  },
  {
    path: '/settings',
    label: 'Settings',
    group: 'Tenant',
    icon: IconSettings,
    scopes: ['read:tenant_settings'],
    keywords: 'tenant general signing keys rotate members environment advanced',
    views: [{ pattern: '', view: part(() => import('./settings/settings')) }],
  },
];
