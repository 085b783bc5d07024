import { setTimeout as pause } from 'node:timers/promises';

type Pull<Event> = { readonly kind: 'batch'; readonly events: readonly Event[] } | { readonly kind: 'end' };
type Settled<Event> = Pull<Event> | { readonly kind: 'fault'; readonly cause: unknown };

/**
 * The same events in batches that begin at least `intervalMs` milliseconds apart: the first as it comes, then what came
 * meanwhile together. An end is not waited for, nor a fault, before which all that came is given.
 */
export async function* paceBatches<Event>(
  batches: AsyncIterable<readonly Event[]>,
  intervalMs: number,
): AsyncGenerator<readonly Event[], void> {
  if (intervalMs === 0) return yield* batches;
  const source = batches[Symbol.asyncIterator]();
  let pulling = pull(source);
  let dueAt = Number.NEGATIVE_INFINITY;
  try {
    for (;;) {
      const gathered: Event[] = [];
      let last: Settled<Event> | undefined = await pulling;
      const timer = new AbortController();
      const due = pause(Math.max(0, dueAt - performance.now()), undefined, { signal: timer.signal }).catch(
        () => undefined,
      );
      while (last?.kind === 'batch') {
        gathered.push(...last.events);
        pulling = pull(source);
        // A source that always has more is not gathered for ever.
        last = performance.now() < dueAt ? await Promise.race([pulling, due]) : undefined;
      }
      timer.abort();
      if (gathered.length > 0) {
        dueAt = performance.now() + intervalMs;
        yield gathered;
      }
      if (last?.kind === 'fault') throw last.cause;
      if (last?.kind === 'end') return;
    }
  } finally {
    await source.return?.();
  }
}

/** Does not reject: what nobody waits for yet must not end the process. */
async function pull<Event>(source: AsyncIterator<readonly Event[]>): Promise<Settled<Event>> {
  try {
    const { done, value } = await source.next();
    return done === true ? { kind: 'end' } : { kind: 'batch', events: value };
  } catch (cause) {
    return { kind: 'fault', cause };
  }
}
