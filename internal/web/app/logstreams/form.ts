import type { Pairs } from '../forms/pairs';
import { type SinkField, type SinkType, sinkType } from './sinks';
import type { LogStream, Sink } from './types';

/** A log stream as a form edits it. What its sink has are keys of their own, as the API names them in its messages. */
export interface Values {
  name: string;
  /** Names of categories; none = all events. */
  filters: string[];
  /** Fields of events that are masked or hashed. */
  pii_config: Personal;
  isPriority: boolean;
  [sink: `sink.${string}`]: unknown;
}

export interface Personal {
  fields: string[];
  method: string;
}

export function read(stream: LogStream): Values {
  return {
    name: stream.name,
    filters: (stream.filters ?? []).map((f) => f.name),
    pii_config: { fields: stream.pii_config?.log_fields ?? [], method: stream.pii_config?.method ?? 'mask' },
    isPriority: stream.isPriority ?? false,
    ...sinkValues(sinkType(stream.type), stream.sink),
  };
}

/** The values of a sink's fields; of a new one where there is no sink. */
export function sinkValues(type: SinkType | undefined, sink: Sink = {}): Record<`sink.${string}`, unknown> {
  return Object.fromEntries((type?.fields ?? []).map((field) => [`sink.${field.name}`, fieldValue(field, sink[field.name])]));
}

function fieldValue(field: SinkField, value: unknown): unknown {
  switch (field.kind) {
    case 'switch':
      return value ?? true;
    case 'headers':
      return ((value ?? []) as { header: string; value: string }[]).map(({ header, value }): [string, string] => [header, value]);
    case 'select':
      return value ?? (field.optional ? '' : field.choices?.[0]?.value);
    default:
      return value ?? '';
  }
}

/** The sink that the form says, whole: the API replaces it as a whole. */
export function sinkOf(type: SinkType | undefined, values: Values): Sink {
  const sink: Sink = {};
  for (const field of type?.fields ?? []) {
    const value = values[`sink.${field.name}`];
    if (field.kind === 'given') {
      continue;
    }
    if (field.kind === 'headers') {
      const headers = (value as Pairs).filter(([header]) => header).map(([header, value]) => ({ header, value }));
      if (headers.length > 0) {
        sink[field.name] = headers;
      }
    } else if (value !== '' || !field.optional || field.kind === 'secret') {
      // A secret that is left out stays: one that is no more is sent empty.
      sink[field.name] = value;
    }
  }
  return sink;
}

/** The body of a POST. */
export function creationOf(type: SinkType, values: Values): unknown {
  return {
    name: values.name,
    type: type.value,
    sink: sinkOf(type, values),
    ...(values.filters.length > 0 && { filters: filtersOf(values.filters) }),
    ...(values.pii_config.fields.length > 0 && { pii_config: personalOf(values.pii_config) }),
    ...(values.isPriority && { isPriority: true }),
  };
}

/** The body of a PATCH of what was changed. */
export function changeOf(stream: LogStream, changed: Partial<Values>, all: Values): unknown {
  const sink = Object.keys(changed).some((name) => name.startsWith('sink.'));
  return {
    ...(changed.name !== undefined && { name: changed.name }),
    ...(changed.isPriority !== undefined && { isPriority: changed.isPriority }),
    ...(changed.filters && { filters: filtersOf(changed.filters) }),
    ...(changed.pii_config && { pii_config: personalOf(changed.pii_config) }),
    ...(sink && { sink: sinkOf(sinkType(stream.type), all) }),
  };
}

function filtersOf(names: string[]) {
  return names.map((name) => ({ type: 'category', name }));
}

function personalOf({ fields, method }: Personal) {
  return fields.length > 0 ? { log_fields: fields, method, ...(method === 'hash' && { algorithm: 'xxhash' }) } : null;
}
