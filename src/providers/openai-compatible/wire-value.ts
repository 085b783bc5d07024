import { failed } from './upstream-fault.ts';

/** An object of an answer, its members not yet looked at. */
export type WireObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is WireObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

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
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw failed('an answer of another shape');
  }
  return value;
}
