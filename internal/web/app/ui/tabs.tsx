import { Tabs } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useQuery, useRouter } from '../router';
import classes from './tabs.module.css';

export interface TabPage {
  id: string;
  label: string;
  view: React.ReactNode;
  /** Left out where the role does not allow it. */
  hidden?: boolean;
}

/** Tabs whose choice is in the address (?tab=), so that each can be linked to. The first one is the default. */
export function UrlTabs({ tabs }: { tabs: TabPage[] }) {
  const router = useRouter();
  const shown = tabs.filter((tab) => !tab.hidden);
  const first = shown[0]?.id ?? '';
  const [wanted] = useQuery('tab', first);
  const active = shown.some((tab) => tab.id === wanted) ? wanted : first;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`[role=tab][id$="-${CSS.escape(active)}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [active]);
  // The other parameters are the old tab's: its page, its search.
  const choose = (id: string | null) => void router.go(location.pathname + (id && id !== first ? `?tab=${encodeURIComponent(id)}` : ''));
  return (
    <Tabs value={active} onChange={choose} keepMounted={false} classNames={{ list: classes.list, tab: classes.tab, panel: classes.panel }}>
      <Tabs.List ref={list}>
        {shown.map((tab) => (
          <Tabs.Tab key={tab.id} value={tab.id}>
            {tab.label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {shown.map((tab) => (
        <Tabs.Panel key={tab.id} value={tab.id}>
          {tab.view}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
