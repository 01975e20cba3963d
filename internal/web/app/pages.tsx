import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { type Icon, IconApi, IconApps, IconListSearch, IconSettings } from './ui/icons';

/** One entry of the sidebar with the views under it. */
export interface Page {
  /** The address below /manage/t/{tenant}. */
  path: string;
  label: string;
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

/**
 * All pages, in the sidebar's order. Adding one is a line here and a file with its views, each loaded when it is first shown.
 * The first one that the role may see is where a tenant opens.
 */
export const pages: Page[] = [
  {
    path: '/applications',
    label: 'Applications',
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
    icon: IconApi,
    scopes: ['read:resource_servers'],
    keywords: 'resource servers audience permissions scopes',
    views: [
      { pattern: '/:id', view: lazy(() => import('./apis/api')) },
      { pattern: '', view: lazy(() => import('./apis/list')) },
    ],
  },
  {
    path: '/logs',
    label: 'Logs',
    icon: IconListSearch,
    scopes: ['read:logs'],
    keywords: 'events failed tokens audit',
    views: [
      { pattern: '/:id', view: lazy(() => import('./logs/event')) },
      { pattern: '', view: lazy(() => import('./logs/list')) },
    ],
  },
  {
    path: '/settings',
    label: 'Settings',
    icon: IconSettings,
    scopes: ['read:tenant_settings'],
    keywords: 'tenant general signing keys rotate members environment advanced',
    views: [{ pattern: '', view: lazy(() => import('./settings/settings')) }],
  },
];
