/** Calls from `from` on and before `until`, in epoch milliseconds. */
export interface CallRange {
  readonly from: number;
  readonly until: number;
}

const HOUR_MS = 3_600_000;

/**
 * How far beyond a range both sides are read. A call is logged by AWS under a time of its own: a request waits for its
 * body and for documents before it goes out, and an answer can stream for most of an hour.
 */
export const SLACK_MS = HOUR_MS;

/** How long after a call AWS may deliver its record, under the hour of delivery. */
const LATE_MS = 6 * HOUR_MS;

export function isWithin({ from, until }: CallRange, time: number): boolean {
  return time >= from && time < until;
}

/** What is read, so that all of a range finds its match. */
export function widened({ from, until }: CallRange): CallRange {
  return { from: from - SLACK_MS, until: until + SLACK_MS };
}

/** The days, as the invocation log's keys have them, below which records of a range are. */
export function daysOf(range: CallRange): readonly string[] {
  const { from, until } = widened(range);
  const days: string[] = [];
  for (let time = from; time < until + LATE_MS + 24 * HOUR_MS; time += 24 * HOUR_MS) {
    days.push(`${new Date(time).toISOString().slice(0, 10).replaceAll('-', '/')}/`);
  }
  return days;
}

const HOUR = /(?:^|\/)(\d{4})\/(\d{2})\/(\d{2})\/(\d{2})\/[^/]+$/;

/** Whether a key of the invocation log can have records of a range. One that names no hour can. */
export function canHold(range: CallRange, key: string): boolean {
  const [, year, month, day, hour] = HOUR.exec(key) ?? [];
  const begin = Date.parse(`${year}-${month}-${day}T${hour}:00:00Z`);
  if (Number.isNaN(begin)) return true;
  const { from, until } = widened(range);
  return begin + HOUR_MS > from && begin < until + LATE_MS;
}
