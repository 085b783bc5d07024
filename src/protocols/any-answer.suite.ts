import fc from 'fast-check';
import type { AnswerBlock, AnswerEvent, Citation } from '../core/index.ts';

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('😀\u2028"\\\n'), fc.constant(''));
const identifier = fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/);
const toolArguments = fc
  .oneof(
    fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value)),
    fc.constantFrom('{ "big": 12345678901234567890 }', '{"z":1,"a":2}', '{}'),
  )
  .filter((raw) => !raw.includes('__proto__'));

const offset = fc.nat(9999);
const location = fc.record({
  kind: fc.constantFrom('characters', 'pages', 'chunks'),
  document: offset,
  start: offset,
  end: offset,
});
const citation: fc.Arbitrary<Citation> = fc.oneof(
  fc.record(
    { quotes: fc.array(text, { maxLength: 2 }), location, title: text },
    { requiredKeys: ['quotes', 'location'] },
  ),
  fc.record(
    { quotes: fc.array(text, { maxLength: 2 }), source: text, title: text },
    { requiredKeys: ['quotes', 'source'] },
  ),
);

const plainText = fc.record({ kind: fc.constant('text' as const), text });
const citedText = fc.record({
  kind: fc.constant('text' as const),
  text,
  citations: fc.array(citation, { minLength: 1, maxLength: 3 }),
});
/** Calls of one answer have ids of their own. */
const withOwnId = (each: AnswerBlock, position: number): AnswerBlock =>
  each.kind === 'toolUse' ? { ...each, id: `${each.id}${position}` } : each;

const otherBlocks: readonly fc.Arbitrary<AnswerBlock>[] = [
  fc.record(
    {
      kind: fc.constant('reasoning' as const),
      text,
      proof: fc.record({ kind: fc.constant('sealed' as const), token: fc.string({ minLength: 1 }) }),
    },
    { requiredKeys: ['kind', 'text'] },
  ),
  fc.record({ kind: fc.constant('toolUse' as const), id: identifier, name: identifier, arguments: toolArguments }),
];

const reason = fc.constantFrom(
  'endTurn' as const,
  'maxTokens' as const,
  'contextWindow' as const,
  'stopSequence' as const,
  'toolUse' as const,
  'contentFilter' as const,
  'guardrail' as const,
);

const usage = fc.record(
  {
    inputTokens: fc.nat(),
    outputTokens: fc.nat(),
    cacheReadInputTokens: fc.nat(),
    cacheWriteInputTokens: fc.nat(),
    reasoningTokens: fc.nat(),
  },
  { requiredKeys: ['inputTokens', 'outputTokens'] },
);

/** What one choice of an answer is, less its tokens: blocks, numbered with gaps, as a guard that drops one leaves them. */
function choiceOf(block: fc.Arbitrary<AnswerBlock>): fc.Arbitrary<readonly AnswerEvent[]> {
  return fc
    .record({
      blocks: fc.array(block, { maxLength: 5 }),
      stop: fc.record(
        { kind: fc.constant('stop' as const), reason, stopSequence: text },
        { requiredKeys: ['kind', 'reason'] },
      ),
      leftOpen: fc.boolean(),
      cuts: fc.infiniteStream(fc.integer({ min: 1, max: 5 })),
    })
    .map(({ blocks, stop, leftOpen, cuts }) => {
      const inner = blocks
        .map(withOwnId)
        .flatMap((each, position) => toEvents(each, position * 2, () => cuts.next().value));
      return [{ kind: 'start' }, ...(leftOpen ? inner.slice(0, -1) : inner), stop];
    });
}

const withUsage = (choice: fc.Arbitrary<readonly AnswerEvent[]>): fc.Arbitrary<readonly AnswerEvent[]> =>
  fc.tuple(choice, usage).map(([events, tokens]) => [...events, { kind: 'usage', usage: tokens }]);

const anyChoice = choiceOf(fc.oneof(plainText, ...otherBlocks));

/** Any answer of one choice, without citations. */
export const anyAnswer = withUsage(anyChoice);

/** Any answer of one choice, in which texts may cite. */
export const anyCitingAnswer = withUsage(choiceOf(fc.oneof(plainText, citedText, ...otherBlocks)));

/** Any answer of several choices, whose events come mixed. */
export const anyChoices: fc.Arbitrary<readonly AnswerEvent[]> = fc
  .tuple(fc.array(anyChoice, { minLength: 2, maxLength: 4 }), usage, fc.infiniteStream(fc.nat()))
  .map(([choices, tokens, picks]) => {
    const left = choices.map((events, choice) => ({ choice, events: [...events] }));
    const mixed: AnswerEvent[] = [];
    while (left.some(({ events }) => events.length > 0)) {
      const open = left.filter(({ events }) => events.length > 0);
      const next = open[picks.next().value % open.length];
      if (next === undefined) break;
      mixed.push({ kind: 'choice', choice: next.choice }, ...next.events.splice(0, 1 + (picks.next().value % 3)));
    }
    return [...mixed, { kind: 'usage', usage: tokens }];
  });

function toEvents(each: AnswerBlock, index: number, next: () => number): readonly AnswerEvent[] {
  const whole = each.kind === 'toolUse' ? each.arguments : each.text;
  const deltas: AnswerEvent[] = [];
  for (let start = 0; start < whole.length; ) {
    const size = next();
    deltas.push({ kind: 'delta', index, text: whole.slice(start, start + size) });
    start += size;
  }
  const cited = each.kind === 'text' ? (each.citations ?? []) : [];
  for (const one of cited) {
    deltas.splice(next() % (deltas.length + 1), 0, { kind: 'citation', index, citation: one });
  }
  if (each.kind === 'reasoning' && each.proof !== undefined) deltas.push({ kind: 'proof', index, proof: each.proof });
  const start = each.kind === 'toolUse' ? { kind: each.kind, id: each.id, name: each.name } : { kind: each.kind };
  return [{ kind: 'blockStart', index, block: start }, ...deltas, { kind: 'blockStop', index }];
}

/** The events in batches of any size. */
export function inBatches(events: readonly AnswerEvent[], size: number): readonly (readonly AnswerEvent[])[] {
  return Array.from({ length: Math.ceil(events.length / size) }, (_, at) => events.slice(at * size, (at + 1) * size));
}
