// The OpenAPI document that the Management API serves of itself, as far as the explorer reads it.

export interface Schema {
  type?: string | string[];
  title?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  pattern?: string;
}

export interface Parameter {
  in: 'path' | 'query';
  name: string;
  description?: string;
  required: boolean;
  schema: Schema;
}

interface WrittenOperation {
  operationId: string;
  summary: string;
  tags: string[];
  parameters?: Parameter[];
  requestBody?: { content: { 'application/json': { schema: { $ref: string } } } };
  'x-scopes-any-of'?: string[];
}

export interface OpenAPI {
  paths: Record<string, Record<string, WrittenOperation>>;
  components: { schemas: Record<string, Schema> };
}

/** One operation: a line of the explorer. */
export interface Operation {
  id: string;
  method: string;
  /** With its names in braces, as the document has it: /api/v2/clients/{id}. */
  path: string;
  summary: string;
  tag: string;
  parameters: Parameter[];
  /** The body's; absent = there is none. */
  body?: Schema;
  /** The token needs one of these. */
  scopes: string[];
}

const prefix = '/api/v2';
const methods = ['get', 'post', 'patch', 'put', 'delete'];

export function operationsOf(document: OpenAPI): Operation[] {
  const all = Object.entries(document.paths).flatMap(([path, byMethod]) =>
    Object.entries(byMethod).map(([method, o]) => ({
      id: o.operationId,
      method: method.toUpperCase(),
      path: path.slice(prefix.length),
      summary: o.summary,
      tag: o.tags[0] ?? '',
      parameters: o.parameters ?? [],
      body: bodyOf(document, o),
      scopes: o['x-scopes-any-of'] ?? [],
    })),
  );
  const rank = (o: Operation) => methods.indexOf(o.method.toLowerCase());
  return all.sort((a, b) => a.tag.localeCompare(b.tag) || a.path.localeCompare(b.path) || rank(a) - rank(b));
}

function bodyOf(document: OpenAPI, { requestBody }: WrittenOperation): Schema | undefined {
  const ref = requestBody?.content['application/json'].schema.$ref;
  return ref === undefined ? undefined : document.components.schemas[ref.slice(ref.lastIndexOf('/') + 1)];
}

/** Whether an operation takes away what cannot be had back, or stops what works. */
export function destroys({ method, path }: Operation): boolean {
  return method === 'DELETE' || /\/(revoke|rekey|rotate|rotate-secret)$/.test(path);
}

/** The operations in which a text is found, word by word. */
export function search(operations: Operation[], text: string): Operation[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return operations.filter((o) => {
    const all = `${o.method} ${o.path} ${o.summary} ${o.scopes.join(' ')}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** A body to begin with: what is required, with a value of its type. */
export function skeleton(schema: Schema): string {
  const body: Record<string, unknown> = {};
  for (const name of schema.required ?? []) {
    body[name] = sample(schema.properties?.[name] ?? {});
  }
  return JSON.stringify(body, null, 2);
}

function sample(schema: Schema): unknown {
  if (schema.enum && schema.enum.length > 0) {
    return schema.enum[0];
  }
  switch (typeName(schema)) {
    case 'array':
      return [];
    case 'object':
      return {};
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return schema.minimum ?? 0;
    default:
      return '';
  }
}

export function typeName({ type }: Schema): string {
  return (Array.isArray(type) ? type.find((t) => t !== 'null') : type) ?? 'string';
}
