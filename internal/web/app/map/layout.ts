import type { Callee, Caller, Edge, Graph } from './graph';

/** A box, in pixels of the drawing. */
interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface PlacedCaller extends Box {
  node: Caller;
}

export interface PlacedCallee extends Box {
  node: Callee;
}

export interface PlacedEdge {
  edge: Edge;
  path: string;
  /** Where its label begins. */
  x: number;
  y: number;
}

export interface Layout {
  width: number;
  height: number;
  callers: PlacedCaller[];
  callees: PlacedCallee[];
  edges: PlacedEdge[];
}

const boxHeight = 34;
const gap = 8;
/** A caller is as high as its grants need: each leaves it at a height of its own, so that no two labels meet. */
const portHeight = 20;
const calleeHeight = 46;
const margin = 1;

/** How wide the labels' lane beside the callers is, at most. */
const laneWidth = 190;

/**
 * Two columns: callers on the left, in their order, what they call on the right, each at the middle height of its edges where there is room,
 * from top to bottom. Edges go straight as long as their label is, then bend.
 */
export function layoutOf(graph: Graph, width: number): Layout {
  const boxWidth = Math.min(280, Math.floor(width * 0.29));
  const lane = Math.min(laneWidth, Math.floor(width * 0.2));
  const callers: PlacedCaller[] = [];
  let y = margin;
  for (const node of graph.callers) {
    const height = Math.max(boxHeight, node.edges.length * portHeight + 8);
    callers.push({ node, x: margin, y, width: boxWidth, height });
    y += height + gap;
  }
  const ports = portsOf(callers);
  const callees = placeCallees(graph.callees, ports, width - boxWidth - margin, boxWidth);
  const right = new Map(callees.map((c) => [c.node.id, c]));
  const edges = ports.flatMap(({ edge, x, y: from }) => {
    const to = right.get(edge.to);
    return to ? [{ edge, x: x + 10, y: from, path: curve(x, from, x + lane, to.x, to.y + to.height / 2) }] : [];
  });
  const last = callees.at(-1);
  return { width, height: Math.max(y - gap, last ? last.y + last.height : 0) + margin, callers, callees, edges };
}

interface Port {
  edge: Edge;
  x: number;
  y: number;
}

function portsOf(callers: PlacedCaller[]): Port[] {
  return callers.flatMap((c) => {
    const first = c.y + c.height / 2 - ((c.node.edges.length - 1) * portHeight) / 2;
    return c.node.edges.map((edge, i) => ({ edge, x: c.x + c.width, y: first + i * portHeight }));
  });
}

function placeCallees(callees: Callee[], ports: Port[], x: number, width: number): PlacedCallee[] {
  const middle = (id: string) => {
    const heights = ports.filter((p) => p.edge.to === id).map((p) => p.y);
    return heights.length > 0 ? heights.reduce((a, b) => a + b, 0) / heights.length : undefined;
  };
  let free = margin;
  return callees.map((node) => {
    const y = Math.max(free, (middle(node.id) ?? free) - calleeHeight / 2);
    free = y + calleeHeight + gap;
    return { node, x, y, width, height: calleeHeight };
  });
}

function curve(x: number, y: number, bend: number, toX: number, toY: number): string {
  const half = (toX - bend) / 2;
  return `M${x} ${y}H${bend}C${bend + half} ${y} ${toX - half} ${toY} ${toX} ${toY}`;
}
