import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasServiceModel, violations } from '../../../test/vectors/service-model.suite.ts';
import {
  type AnswerBlock,
  type AnswerEvent,
  type Citation,
  parseModelId,
  type ReasoningProof,
  toAnswer,
} from '../../core/index.ts';
import { codeOf } from '../protocol.suite.ts';
import { createdAt, requestId } from '../served.suite.ts';
import { headerOf, read, readFrames } from './wire.suite.ts';

const MODEL = parseModelId('us.anthropic.claude-sonnet-4-5-20250929-v1:0');

function createReply(operation: 'Converse' | 'ConverseStream') {
  const request = read(operation, MODEL, { messages: [{ role: 'user', content: [{ text: 'hello' }] }] });
  return request.createReply({ requestId, createdAt, model: MODEL });
}

const jsonOf = (body: Uint8Array) => JSON.parse(Buffer.from(body).toString());
const contentOf = (events: readonly AnswerEvent[]) =>
  jsonOf(createReply('Converse').whole(toAnswer(events), 1).body).output.message.content;

function framesOf(events: readonly AnswerEvent[]) {
  const writer = createReply('ConverseStream');
  return readFrames(Buffer.concat([...events.map((event) => writer.events([event], 1)), writer.end(1)])).map(
    (frame) => ({
      type: headerOf(frame, ':event-type') ?? '',
      event: jsonOf(frame.payload),
    }),
  );
}

interface Gathered {
  text: string;
  reasoning: string;
  signature?: string;
  redacted?: string;
  input: string;
  start?: object;
  readonly citations: object[];
}

/** The content of a message, as a client gathers it from the stream's frames. */
function gather(events: readonly AnswerEvent[]): readonly unknown[] {
  const blocks: Gathered[] = [];
  for (const { type, event } of framesOf(events)) {
    const { contentBlockIndex: index, delta, start } = event;
    if (index === undefined) continue;
    blocks[index] ??= { text: '', reasoning: '', input: '', citations: [] };
    const block = blocks[index];
    if (type === 'contentBlockStart') block.start = start.toolUse;
    if (type !== 'contentBlockDelta') continue;
    const { text = '', reasoningContent = {}, citation, toolUse } = delta;
    block.text += text;
    block.reasoning += reasoningContent.text ?? '';
    if (reasoningContent.signature !== undefined) block.signature = reasoningContent.signature;
    if (reasoningContent.redactedContent !== undefined) block.redacted = reasoningContent.redactedContent;
    block.input += toolUse?.input ?? '';
    if (citation !== undefined) block.citations.push(citation);
  }
  return blocks.map(toContent);
}

function toContent({ text, reasoning, signature, redacted, input, start, citations }: Gathered): unknown {
  if (start !== undefined) return { toolUse: { ...start, input: JSON.parse(input) } };
  if (redacted !== undefined) return { reasoningContent: { redactedContent: redacted } };
  if (reasoning !== '') {
    const proof = signature === undefined ? {} : { signature };
    return { reasoningContent: { reasoningText: { text: reasoning, ...proof } } };
  }
  return citations.length === 0 ? { text } : { citationsContent: { content: [{ text }], citations } };
}

const range = { document: fc.nat(9), start: fc.nat(), end: fc.nat() };
const citation: fc.Arbitrary<Citation> = fc.record(
  {
    title: fc.string(),
    source: fc.string(),
    quotes: fc.array(fc.string(), { maxLength: 2 }),
    location: fc.oneof(
      fc.record({ kind: fc.constant('characters' as const), ...range }),
      fc.record({ kind: fc.constant('pages' as const), ...range }),
      fc.record({ kind: fc.constant('chunks' as const), ...range }),
    ),
  },
  { requiredKeys: ['quotes'] },
);
const sealed = fc
  .string({ minLength: 1, unit: 'grapheme' })
  .map((token): ReasoningProof => ({ kind: 'sealed', token }));
const words = fc.string({ minLength: 1, unit: 'grapheme' });
const block: fc.Arbitrary<AnswerBlock> = fc.oneof(
  fc.record({
    kind: fc.constant('text' as const),
    text: fc.string({ unit: 'grapheme' }),
    citations: fc.array(citation),
  }),
  fc.record({ kind: fc.constant('reasoning' as const), text: words }),
  fc.record({ kind: fc.constant('reasoning' as const), text: fc.oneof(words, fc.constant('')), proof: sealed }),
  fc.record({
    kind: fc.constant('toolUse' as const),
    id: fc.stringMatching(/^[a-z]{1,9}$/),
    name: fc.stringMatching(/^[a-z]{1,9}$/),
    arguments: fc.dictionary(fc.string(), fc.string()).map((value) => JSON.stringify({ ...value })),
  }),
);

function toEvents(each: AnswerBlock, index: number): readonly AnswerEvent[] {
  const text = each.kind === 'toolUse' ? each.arguments : each.text;
  const half = Math.floor(text.length / 2);
  const deltas = [text.slice(0, half), text.slice(half)].filter((piece) => piece !== '');
  const { kind } = each;
  return [
    { kind: 'blockStart', index, block: kind === 'toolUse' ? { kind, id: each.id, name: each.name } : { kind } },
    ...deltas.map((piece): AnswerEvent => ({ kind: 'delta', index, text: piece })),
    ...(kind === 'text'
      ? (each.citations ?? []).map((cited): AnswerEvent => ({ kind: 'citation', index, citation: cited }))
      : []),
    ...(kind === 'reasoning' && each.proof !== undefined ? [{ kind: 'proof' as const, index, proof: each.proof }] : []),
    { kind: 'blockStop', index },
  ];
}

describe('an answer of Converse that reasons and cites', () => {
  it('is the same streamed and whole, and of the service model', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 5 }), (blocks) => {
        const events: readonly AnswerEvent[] = [{ kind: 'start' }, ...blocks.flatMap(toEvents)];
        expect(gather(events)).toEqual(contentOf(events));
        if (!hasServiceModel) return;
        const whole = jsonOf(createReply('Converse').whole(toAnswer(events), 1).body);
        expect(violations('ConverseResponse', whole)).toEqual([]);
        for (const { type, event } of framesOf(events)) {
          expect(violations('ConverseStreamOutput', { [type]: event })).toEqual([]);
        }
      }),
    );
  });

  it('tells where a citation stands by the kind of its document', () => {
    const at = (kind: 'characters' | 'pages' | 'chunks') =>
      contentOf(
        toEvents(
          {
            kind: 'text',
            text: 'x',
            citations: [{ quotes: ['q'], location: { kind, document: 2, start: 3, end: 4 } }],
          },
          0,
        ),
      )[0].citationsContent.citations;
    const place = { documentIndex: 2, start: 3, end: 4 };
    expect(at('characters')).toEqual([{ sourceContent: [{ text: 'q' }], location: { documentChar: place } }]);
    expect(at('pages')).toEqual([{ sourceContent: [{ text: 'q' }], location: { documentPage: place } }]);
    expect(at('chunks')).toEqual([{ sourceContent: [{ text: 'q' }], location: { documentChunk: place } }]);
  });

  it.each([
    { kind: 'signature', signature: 's' },
    { kind: 'encrypted', data: 'ZQ==' },
  ] as const)('fails rather than hand out what only the provider may hold: %j', (proof) => {
    for (const text of ['so', '']) {
      const events = toEvents({ kind: 'reasoning', text, proof }, 0);
      expect(codeOf(() => contentOf(events))).toBe('internal');
      expect(codeOf(() => framesOf(events))).toBe('internal');
    }
  });
});
