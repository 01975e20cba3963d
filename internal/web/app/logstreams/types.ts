/** The wire form of a log stream. */
export interface LogStream {
  id: string;
  name: string;
  type: string;
  status: string;
  sink: Sink;
  filters?: { type: 'category'; name: string }[];
  pii_config?: { log_fields: string[]; method?: string; algorithm?: string };
  isPriority?: boolean;
}

/** Where events go; its properties depend on the type. */
export type Sink = Record<string, unknown>;
