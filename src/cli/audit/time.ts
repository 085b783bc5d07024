import { InvalidArgumentError } from 'commander';

/** A date or a time with its zone, as ISO 8601; epoch milliseconds. */
export function parseTime(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new InvalidArgumentError('must be a date, or a time with its zone (ISO 8601).');
  return time;
}
