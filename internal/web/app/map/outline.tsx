import { Text } from '@mantine/core';
import { Link } from '../router';
import { useTenant } from '../shell/tenant';
import { Clamped } from '../ui/clamped';
import { Panel } from '../ui/panel';
import type { Callee, Caller, Graph, Unfold } from './graph';
import classes from './outline.module.css';

/** The map as lists: each API with the applications that may call it. For narrow windows, and for who would rather read. */
export function Outline({ graph, unfold }: { graph: Graph; unfold: Unfold }) {
  const alone = graph.callers.filter((c) => c.edges.length === 0);
  return (
    <>
      {graph.callees.map((callee) => (
        <CalleePart key={callee.id} callee={callee} callers={graph.callers} unfold={unfold} />
      ))}
      {alone.length > 0 && (
        <Panel title="Call no API" flush>
          <ul className={classes.list}>
            {alone.map((caller) => (
              <CallerRow key={caller.id} caller={caller} label="" unfold={unfold} />
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}

function CalleePart({ callee, callers, unfold }: { callee: Callee; callers: Caller[]; unfold: Unfold }) {
  const { href } = useTenant();
  const edges = callers.flatMap((caller) => caller.edges.filter((e) => e.to === callee.id).map((edge) => ({ caller, edge })));
  return (
    <Panel
      flush
      title={
        <Link href={href(`/apis/${callee.rs.id}?tab=applications`)} className={classes.title}>
          <Clamped text={callee.label} />
        </Link>
      }
      description={
        <code className={classes.identifier}>
          <Clamped text={callee.id} />
        </code>
      }
    >
      <ul className={classes.list}>
        {edges.map(({ caller, edge }) => (
          <CallerRow key={edge.id} caller={caller} label={edge.label} unfold={unfold} />
        ))}
        {edges.length === 0 && (
          <li>
            <Text size="sm" c="dimmed">
              No application may call it.
            </Text>
          </li>
        )}
      </ul>
    </Panel>
  );
}

function CallerRow({ caller, label, unfold }: { caller: Caller; label: string; unfold: Unfold }) {
  const { href } = useTenant();
  const [client, more] = caller.clients;
  return (
    <li>
      {client && !more ? (
        <Link href={href(`/applications/${client.client_id}?tab=apis`)} data-caller={caller.id}>
          <Clamped text={caller.label} />
        </Link>
      ) : (
        <button type="button" className={classes.fold} onClick={() => unfold(caller)}>
          {caller.label}
        </button>
      )}
      <code>{label}</code>
    </li>
  );
}
