import { MessageStream } from '@anthropic-ai/sdk/lib/MessageStream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnswerBlock, type AnswerEvent, type Citation, parseJson, textOf, toAnswer } from '../../core/index.ts';
import { createMessageEvents, readMessages, writeMessage } from './messages.ts';

const meta = { id: 'msg_1', model: 'demo' };

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('😀\u2028"\\\n'), fc.constant(''));
const identifier = fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/);
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
const toolArguments = fc
  .oneof(
    fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value)),
    fc.constantFrom('{ "big": 12345678901234567890 }', '{"z":1,"a":2}', '{}'),
  )
  .filter((raw) => !raw.includes('__proto__'));

const block: fc.Arbitrary<AnswerBlock> = fc.oneof(
  fc.record(
    { kind: fc.constant('text' as const), text, citations: fc.array(citation, { minLength: 1, maxLength: 3 }) },
    { requiredKeys: ['kind', 'text'] },
  ),
  fc.record(
    {
      kind: fc.constant('reasoning' as const),
      text,
      proof: fc.record({ kind: fc.constant('sealed' as const), token: fc.string({ minLength: 1 }) }),
    },
    { requiredKeys: ['kind', 'text'] },
  ),
  fc.record({ kind: fc.constant('toolUse' as const), id: identifier, name: identifier, arguments: toolArguments }),
);

const reason = fc.constantFrom(
  'endTurn',
  'maxTokens',
  'contextWindow',
  'stopSequence',
  'toolUse',
  'contentFilter',
  'guardrail',
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

const answer = fc
  .record({
    blocks: fc.array(block, { maxLength: 5 }),
    stop: fc.record(
      { kind: fc.constant('stop' as const), reason, stopSequence: text },
      { requiredKeys: ['kind', 'reason'] },
    ),
    usage,
    leftOpen: fc.boolean(),
    cuts: fc.infiniteStream(fc.integer({ min: 1, max: 5 })),
  })
  .map(({ blocks, stop, usage: tokens, leftOpen, cuts }): readonly AnswerEvent[] => {
    const inner = blocks.flatMap((each, position) => toEvents(each, position * 2, () => cuts.next().value));
    const kept = leftOpen ? inner.slice(0, -1) : inner;
    return [{ kind: 'start' }, ...kept, stop, { kind: 'usage', usage: tokens }];
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

describe('any answer, with thinking and citations', () => {
  it('is the same message whole and gathered from its stream by the SDK', async () => {
    await fc.assert(
      fc.asyncProperty(answer, async (events) => {
        const stream = createMessageEvents(meta);
        const written = [...events.flatMap((event) => stream.events([event])), ...stream.end()];
        const lines = written.map(({ json }) => `${json}\n`);
        const { parsed_output: _ofTheSdk, ...gathered } = await MessageStream.fromReadableStream(
          new Blob(lines).stream(),
        ).finalMessage();
        expect(gathered).toEqual(JSON.parse(writeMessage(toAnswer(events), meta)));
        for (const line of lines) expect(line).not.toMatch(/\\ud[89a-f][0-9a-f]{2}/);
      }),
      { numRuns: 150 },
    );
  });

  it('is read as it was written when it comes back in the next turn, if it cites nothing', () => {
    fc.assert(
      fc.property(answer, (events) => {
        const { blocks, ...rest } = toAnswer(events.filter(({ kind }) => kind !== 'citation'));
        const whole = writeMessage({ ...rest, blocks }, meta);
        // Spliced as text: a parser in between would round large numbers.
        const content = whole.slice(whole.indexOf('"content":'), whole.lastIndexOf(',"stop_reason":'));
        const turn = parseJson(`{"model":"m","max_tokens":1,"messages":[{"role":"assistant",${content}}]}`);
        const { request, parts } = readMessages(turn, 'api');
        const read = request.messages[0]?.content.map((each) => {
          if (each.kind === 'toolUse') {
            const [id, name, raw] = [each.id, each.name, each.arguments].map((index) => textOf({ parts }, index));
            return { kind: each.kind, id, name, arguments: raw };
          }
          if (each.kind !== 'text' && each.kind !== 'reasoning') return each;
          return { ...each, text: each.text === undefined ? '' : textOf({ parts }, each.text) };
        });
        expect(read).toEqual(blocks);
      }),
      { numRuns: 150 },
    );
  });
});
