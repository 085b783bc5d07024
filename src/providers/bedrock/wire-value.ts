import { GatewayError } from '../../core/index.ts';
import { isCount, isObject, type WireObject } from '../wire-object.ts';

export { isObject, type WireObject };

/** The fault of an answer that is not of the service model's form, or holds what the gateway cannot carry on. */
export function notCarried(what: string): GatewayError {
  return new GatewayError('upstreamFailed', { detail: `an answer with ${what}` });
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
  if (!isCount(value)) throw notCarried('a member that is no count');
  return value;
}
