import type {
  AnswerEvent,
  Cleared,
  OutputGuard,
  Provider,
  ProviderAnswer,
  Released,
  Span,
  Usage,
} from '../../core/index.ts';

type Batch = readonly AnswerEvent[];

/**
 * Asks for several answers to one request, each by a call of its own: not every provider can give several, and what one
 * of them holds must not decide over another. Events of all come as they arrive, marked with the choice they are of; the
 * tokens of all are told once, at the end. One call that fails fails them all.
 */
export async function invokeChoices(
  provider: Provider,
  { exchange, choices }: { readonly exchange: Cleared; readonly choices: number },
  signal: AbortSignal,
): Promise<ProviderAnswer> {
  const ending = new AbortController();
  const calls = AbortSignal.any([signal, ending.signal]);
  try {
    const answers = await Promise.all(Array.from({ length: choices }, () => provider.invoke(exchange, calls)));
    const [first] = answers;
    return {
      ...(first?.providerRequestId === undefined ? {} : { providerRequestId: first.providerRequestId }),
      dropped: () => answers.reduce((sum, answer) => sum + (answer.dropped?.() ?? 0), 0),
      events: merge(answers, ending),
    };
  } catch (error) {
    ending.abort();
    throw error;
  }
}

async function* merge(answers: readonly ProviderAnswer[], ending: AbortController): AsyncGenerator<Batch> {
  const iterators = answers.map(({ events }) => events[Symbol.asyncIterator]());
  const pending = new Map(iterators.map((iterator, choice) => [choice, take(iterator, choice)] as const));
  let usage: Usage = { inputTokens: 0, outputTokens: 0 };
  try {
    while (pending.size > 0) {
      const { choice, result } = await Promise.race(pending.values());
      const iterator = iterators[choice];
      if (result.done === true || iterator === undefined) {
        pending.delete(choice);
        continue;
      }
      pending.set(choice, take(iterator, choice));
      const events: AnswerEvent[] = [{ kind: 'choice', choice }];
      for (const event of result.value) {
        if (event.kind === 'usage') usage = add(usage, event.usage);
        else events.push(event);
      }
      if (events.length > 1) yield events;
    }
    yield [{ kind: 'usage', usage }];
  } finally {
    // Whoever stops early, or one that failed, ends the calls of the others.
    ending.abort();
    await Promise.allSettled([...pending.values(), ...iterators.map((iterator) => iterator.return?.())]);
  }
}

async function take(iterator: AsyncIterator<Batch>, choice: number) {
  return { choice, result: await iterator.next() };
}

function add(one: Usage, other: Usage): Usage {
  const sum = (name: Exclude<keyof Usage, 'inputTokens' | 'outputTokens'>) => {
    const [a, b] = [one[name], other[name]];
    return a === undefined && b === undefined ? {} : { [name]: (a ?? 0) + (b ?? 0) };
  };
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    ...sum('cacheReadInputTokens'),
    ...sum('cacheWriteInputTokens'),
    ...sum('reasoningTokens'),
  };
}

/** The guard of several answers at once: each has its own, and one that is blocked ends without the others. */
export function createChoicesGuard(createGuard: () => OutputGuard): OutputGuard {
  const guards = new Map<number, OutputGuard>();
  const usage: AnswerEvent[] = [];
  let blocked: Released['blocked'];
  let current = 0;

  function guardOf(choice: number): OutputGuard {
    const guard = guards.get(choice) ?? createGuard();
    guards.set(choice, guard);
    return guard;
  }

  function gather(all: readonly (readonly [choice: number, released: Released])[]): Released {
    const events: AnswerEvent[] = [];
    const findings: Span[] = [];
    for (const [choice, released] of all) {
      if (released.events.length > 0) events.push({ kind: 'choice', choice }, ...released.events);
      findings.push(...released.findings);
      if (released.blocked !== undefined) {
        blocked = { ...released.blocked, types: [...new Set([...(blocked?.types ?? []), ...released.blocked.types])] };
      }
    }
    return { events, findings };
  }

  return {
    push(events) {
      const all: (readonly [number, Released])[] = [];
      let run: AnswerEvent[] = [];
      const flush = () => {
        if (run.length > 0) all.push([current, guardOf(current).push(run)]);
        run = [];
      };
      for (const event of events) {
        if (event.kind === 'usage') usage.push(event);
        else if (event.kind === 'choice') {
          flush();
          current = event.choice;
        } else run.push(event);
      }
      flush();
      return gather(all);
    },
    end() {
      const { events, findings } = gather([...guards].map(([choice, guard]) => [choice, guard.end()] as const));
      return { events: [...events, ...usage], findings, ...(blocked === undefined ? {} : { blocked }) };
    },
  };
}
