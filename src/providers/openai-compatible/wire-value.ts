import { isCount, isObject, type WireObject } from '../wire-object.ts';
import { failed } from './upstream-fault.ts';

export { isObject, type WireObject };

/** Whether a member says nothing: servers write what does not apply as null, or as empty. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Throws `upstreamFailed` unless the value is an object. */
export function parseObject(value: unknown): WireObject {
  if (!isObject(value)) throw failed('an answer of another shape');
  return value;
}

/** Throws `upstreamFailed` unless the value counts something. */
export function parseCount(value: unknown): number {
  if (!isCount(value)) throw failed('an answer of another shape');
  return value;
}
