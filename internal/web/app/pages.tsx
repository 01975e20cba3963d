import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
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
  views: { pattern: string; view: LazyExoticComponent<ComponentType<ViewProps>> }[];
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
      { pattern: '/:use', view: lazy(() => import('./started/wizard')) },
      { pattern: '', view: lazy(() => import('./started/started')) },
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
      { pattern: '/:id', view: lazy(() => import('./applications/application')) },
      { pattern: '', view: lazy(() => import('./applications/list')) },
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
      { pattern: '/:id', view: lazy(() => import('./apis/api')) },
      { pattern: '', view: lazy(() => import('./apis/list')) },
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
      { pattern: '/:id', view: lazy(() => import('./organizations/organization')) },
      { pattern: '', view: lazy(() => import('./organizations/list')) },
    ],
  },
  {
    path: '/map',
    label: 'Map',
    group: 'Access',
    icon: IconSitemap,
    scopes: ['read:client_grants'],
    keywords: 'infrastructure graph grants diagram mermaid architecture',
    views: [{ pattern: '', view: lazy(() => import('./map/map')) }],
  },
  {
    path: '/activity',
    label: 'Activity',
    group: 'Monitoring',
    icon: IconActivity,
    scopes: ['read:logs'],
    keywords: 'tokens failures usage chart statistics',
    views: [{ pattern: '', view: lazy(() => import('./activity/activity')) }],
  },
  {
    path: '/usage',
    label: 'Usage',
    group: 'Monitoring',
    icon: IconChartBar,
    scopes: ['read:writ_usage'],
    keywords: 'quota utilization tokens month csv report',
    views: [{ pattern: '', view: lazy(() => import('./usage/usage')) }],
  },
  {
    path: '/logs',
    label: 'Logs',
    group: 'Monitoring',
    icon: IconListSearch,
    scopes: ['read:logs'],
    keywords: 'events failed tokens audit',
    views: [
      { pattern: '/:id', view: lazy(() => import('./logs/event')) },
      { pattern: '', view: lazy(() => import('./logs/list')) },
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
      { pattern: '/new', view: lazy(() => import('./logstreams/create')) },
      { pattern: '/:id', view: lazy(() => import('./logstreams/stream')) },
      { pattern: '', view: lazy(() => import('./logstreams/list')) },
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
      { pattern: '/new', view: lazy(() => import('./ratelimits/create')) },
      { pattern: '/:id', view: lazy(() => import('./ratelimits/policy')) },
      { pattern: '', view: lazy(() => import('./ratelimits/list')) },
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
      { pattern: '/new', view: lazy(() => import('./networkacls/create')) },
      { pattern: '/:id', view: lazy(() => import('./networkacls/acl')) },
      { pattern: '', view: lazy(() => import('./networkacls/list')) },
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
      { pattern: '/:id', view: lazy(() => import('./actions/action')) },
      { pattern: '', view: lazy(() => import('./actions/list')) },
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
      { pattern: '/:id', view: lazy(() => import('./customdomains/domain')) },
      { pattern: '', view: lazy(() => import('./customdomains/list')) },
    ],
  },
  {
    path: '/settings',
    label: 'Settings',
    group: 'Tenant',
    icon: IconSettings,
    scopes: ['read:tenant_settings'],
    keywords: 'tenant general signing keys rotate members environment advanced',
    views: [{ pattern: '', view: lazy(() => import('./settings/settings')) }],
  },
];
