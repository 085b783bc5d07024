import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  type AnswerEvent,
  type Cleared,
  GatewayError,
  type OutputGuard,
  type Provider,
  toAnswer,
} from '../../core/index.ts';
import { createChoicesGuard, invokeChoices } from './choices.ts';

// What a provider is given is nothing to the one who asks it several times.
const exchange = {} as Cleared;
const usage = { kind: 'usage', usage: { inputTokens: 3, outputTokens: 2, reasoningTokens: 1 } } as const;

const say = (text: string): readonly AnswerEvent[] => [
  { kind: 'start' },
  { kind: 'blockStart', index: 0, block: { kind: 'text' } },
  { kind: 'delta', index: 0, text },
  { kind: 'blockStop', index: 0 },
  { kind: 'stop', reason: 'endTurn' },
  usage,
];

/** Answers each call with the next of the texts, in batches of one event, the first call the slowest. */
function providerOf(texts: readonly string[], watch: { ended?: number; aborted?: number } = {}): Provider {
  let calls = 0;
  return {
    name: 'scripted',
    async invoke(_, signal) {
      const number = calls;
      calls += 1;
      signal.addEventListener('abort', () => {
        watch.aborted = (watch.aborted ?? 0) + 1;
      });
      const text = texts[number] ?? '';
      if (text === 'refuse') throw new GatewayError('upstreamThrottled');
      async function* events() {
        try {
          for (const event of say(text)) {
            await pause(2 * (texts.length - number));
            yield [event];
            if (text === 'break' && event.kind === 'delta') throw new GatewayError('upstreamInterrupted');
          }
        } finally {
          watch.ended = (watch.ended ?? 0) + 1;
        }
      }
      return { providerRequestId: `call-${number}`, events: events() };
    },
    close: async () => {},
  };
}

async function ask(provider: Provider, choices: number) {
  const answer = await invokeChoices(provider, { exchange, choices }, new AbortController().signal);
  const events: AnswerEvent[] = [];
  for await (const batch of answer.events) events.push(...batch);
  return { answer, events };
}

describe('several choices', () => {
  it('come each from a call of its own, their tokens added up', async () => {
    const { answer, events } = await ask(providerOf(['one', 'two', 'three']), 3);
    expect(answer.providerRequestId).toBe('call-0');
    const gathered = toAnswer(events);
    const texts = [gathered, ...(gathered.alternatives ?? [])].map(({ blocks }) => blocks);
    expect(texts).toEqual(['one', 'two', 'three'].map((text) => [{ kind: 'text', text }]));
    expect(gathered.usage).toEqual({ inputTokens: 9, outputTokens: 6, reasoningTokens: 3 });
    expect(events.filter(({ kind }) => kind === 'usage')).toHaveLength(1);
  });

  it('fail together where one call is refused, and the others are ended', async () => {
    const watch = { aborted: 0 };
    await expect(ask(providerOf(['one', 'refuse'], watch), 2)).rejects.toMatchObject({ code: 'upstreamThrottled' });
    expect(watch.aborted).toBe(2);
  });

  it('fail together where one breaks off, and the others are ended', async () => {
    const watch = { aborted: 0, ended: 0 };
    await expect(ask(providerOf(['one', 'break', 'three'], watch), 3)).rejects.toMatchObject({
      code: 'upstreamInterrupted',
    });
    expect(watch).toEqual({ aborted: 3, ended: 3 });
  });

  it('are ended by a consumer that leaves', async () => {
    const watch = { ended: 0 };
    const answer = await invokeChoices(
      providerOf(['one', 'two'], watch),
      { exchange, choices: 2 },
      new AbortController().signal,
    );
    for await (const _ of answer.events) break;
    expect(watch.ended).toBe(2);
  });
});

describe('the guard of several choices', () => {
  /** Ends an answer at the word `no`. */
  function createGuard(): OutputGuard {
    let isOver = false;
    return {
      push(events) {
        if (isOver) return { events: [], findings: [] };
        const at = events.findIndex((event) => event.kind === 'delta' && event.text === 'no');
        if (at === -1) return { events, findings: [] };
        isOver = true;
        return {
          events: [...events.slice(0, at), { kind: 'stop', reason: 'guardrail' }],
          findings: [{ start: 0, end: 2, type: 'EMAIL', detector: 'email' }],
          blocked: { types: ['EMAIL'], message: 'blocked' },
        };
      },
      end: () => ({ events: [], findings: [] }),
    };
  }
  const of = (choice: number, text: string): readonly AnswerEvent[] => [
    { kind: 'choice', choice },
    ...say(text).filter(({ kind }) => kind !== 'usage'),
  ];

  it('ends the one that is blocked and lets the others go on; what is told of it is told at the end', () => {
    const guard = createChoicesGuard(createGuard);
    const first = guard.push([...of(0, 'yes'), ...of(1, 'no')]);
    expect(first.blocked).toBeUndefined();
    expect(first.findings).toHaveLength(1);
    const second = guard.push([...of(2, 'well'), usage]);
    const last = guard.end();
    expect(last.blocked).toMatchObject({ types: ['EMAIL'] });
    const { stop, alternatives, usage: tokens } = toAnswer([...first.events, ...second.events, ...last.events]);
    expect([stop, ...(alternatives ?? []).map((other) => other.stop)]).toEqual(['endTurn', 'guardrail', 'endTurn']);
    expect(tokens).toEqual(usage.usage);
  });
});
