import { GatewayError } from '../../core/index.ts';

export type WireObject = Readonly<Record<string, unknown>>;

/** The fault of an answer that is not of the service model's form, or holds what the gateway cannot carry on. */
export function notCarried(what: string): GatewayError {
  return new GatewayError('upstreamFailed', { detail: `an answer with ${what}` });
}

export function isObject(value: unknown): value is WireObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Throws `upstreamFailed` unless the value is an object. */
export function parseObject(value: unknown): WireObject {
  if (!isObject(value)) throw notCarried('a member that is no object');
  return value;
}

export function parseArray(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw notCarried('a member that is no list');
  return value;
}

export function parseText(value: unknown): string {
  if (typeof value !== 'string') throw notCarried('a member that is no text');
  return value;
}

/** A count or position: an integer from 0. */
export function parseCount(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw notCarried('a member that is no count');
  return value;
}
