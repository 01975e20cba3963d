import { useMemo, useState } from 'react';
import { Link } from '../router';
import { useTenant } from '../shell/tenant';
import { mono, sans } from '../theme';
import classes from './drawing.module.css';
import { fit } from './fit';
import { type Graph, large, type Unfold } from './graph';
import { layoutOf, type PlacedCallee, type PlacedCaller, type PlacedEdge } from './layout';

/** As the style sheet has them. */
const nameFont = `13px ${sans}`;
const codeFont = `11px ${mono}`;

interface DrawingProps {
  graph: Graph;
  /** Pixels. */
  width: number;
  unfold: Unfold;
}

/** The map as a drawing. What is pointed at or has the focus lights the edges that it is on, and what they lead to. */
export function Drawing({ graph, width, unfold }: DrawingProps) {
  const layout = useMemo(() => layoutOf(graph, width), [graph, width]);
  const [lit, setLit] = useState('');
  const shown = useMemo(() => litNodes(layout.edges, lit), [layout, lit]);
  const look = (id: string) => (lit === '' ? undefined : shown.has(id) ? 'lit' : 'dim');
  const light = (id: string) => ({
    onPointerEnter: () => setLit(id),
    onPointerLeave: () => setLit(''),
    onFocus: () => setLit(id),
    onBlur: () => setLit(''),
  });
  const labelled = layout.edges.length <= 2 * large;
  return (
    <svg viewBox={`0 0 ${layout.width} ${layout.height}`} width={layout.width} height={layout.height} className={classes.map}>
      <title>Applications on the left, the APIs that they may call on the right</title>
      {layout.edges.map(({ edge, path, x, y }) => {
        const on = lit !== '' && (edge.from === lit || edge.to === lit);
        return (
          <g key={edge.id} className={classes.edge} data-look={lit === '' ? undefined : on ? 'lit' : 'dim'}>
            <path className={classes.line} d={path} />
            {(labelled || on) && (
              <text className={classes.label} x={x} y={y - 4}>
                {fit(edge.label, 170, codeFont)}
              </text>
            )}
          </g>
        );
      })}
      {layout.callers.map((placed) => (
        <g key={placed.node.id} data-look={look(placed.node.id)} className={classes.node} {...light(placed.node.id)}>
          <CallerBox placed={placed} unfold={unfold} />
        </g>
      ))}
      {layout.callees.map((placed) => (
        <g key={placed.node.id} data-look={look(placed.node.id)} className={classes.node} {...light(placed.node.id)}>
          <CalleeBox placed={placed} />
        </g>
      ))}
    </svg>
  );
}

function litNodes(edges: PlacedEdge[], lit: string): Set<string> {
  const nodes = new Set([lit]);
  for (const { edge } of edges) {
    if (edge.from === lit || edge.to === lit) {
      nodes.add(edge.from).add(edge.to);
    }
  }
  return nodes;
}

function CallerBox({ placed: { node, x, y, width, height }, unfold }: { placed: PlacedCaller; unfold: Unfold }) {
  const { href } = useTenant();
  const shape = (
    <>
      <rect className={classes.box} x={x} y={y} width={width} height={height} rx={6} />
      <text className={classes.name} x={x + 12} y={y + height / 2 + 4.5}>
        {fit(node.label, width - 24, nameFont)}
      </text>
    </>
  );
  const [client, more] = node.clients;
  if (more || !client) {
    return (
      // biome-ignore lint/a11y/useSemanticElements: SVG has no button
      <g
        role="button"
        tabIndex={0}
        className={classes.link}
        aria-label={`Show ${node.label} that may do the same`}
        onClick={() => unfold(node)}
        onKeyDown={(e) => {
          if (e.key === 'Enter' || e.key === ' ') {
            e.preventDefault();
            unfold(node);
          }
        }}
      >
        <title>Press to show each</title>
        <rect className={classes.box} x={x + 4} y={y + 4} width={width} height={height} rx={6} />
        {shape}
      </g>
    );
  }
  return (
    <Link className={classes.link} href={href(`/applications/${client.client_id}?tab=apis`)} data-caller={node.id}>
      <title>{node.label}</title>
      {shape}
    </Link>
  );
}

function CalleeBox({ placed: { node, x, y, width, height } }: { placed: PlacedCallee }) {
  const { href } = useTenant();
  return (
    <Link href={href(`/apis/${node.rs.id}?tab=applications`)} className={classes.link} data-api>
      <title>{`${node.label}, ${node.id}`}</title>
      <rect className={classes.box} x={x} y={y} width={width} height={height} rx={6} />
      <text className={classes.name} x={x + 12} y={y + 19}>
        {fit(node.label, width - 24, nameFont)}
      </text>
      <text x={x + 12} y={y + 35} className={classes.identifier}>
        {fit(node.id, width - 24, codeFont)}
      </text>
    </Link>
  );
}
