import type { Exchange } from '../core/index.ts';

/** The header by which a provider can join the caller's trace, where the caller has one. */
export function traceHeaders({ traceparent }: Pick<Exchange, 'traceparent'>): Readonly<Record<string, string>> {
  return traceparent === undefined ? {} : { traceparent };
}
