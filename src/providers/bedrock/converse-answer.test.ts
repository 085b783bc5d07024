import { describe, expect, it } from 'vitest';
import { type AnswerEvent, type Conversation, type Exchange, toAnswer } from '../../core/index.ts';
import { createAsked } from './asked.ts';
import { parseConverseAnswer } from './converse-answer.ts';
import { createConverseStream } from './converse-stream.ts';
import { createDropped } from './dropped.ts';
import { conversationWith, exchangeOfRequest } from './inner-exchange.suite.ts';
import { modelFaults } from './service-model.suite.ts';

const usage = { inputTokens: 1, outputTokens: 2, totalTokens: 3 };
const metrics = { latencyMs: 1 };

/** A request with two documents: a text with characters of two units, and a PDF that went as a file. */
const withDocuments = exchangeOfRequest((add) =>
  conversationWith([
    { kind: 'document', format: 'txt', text: [add('😀😀 the sky is blue'), add('and so on')], citations: true },
    { kind: 'document', format: 'pdf', bytes: Buffer.from('%PDF'), text: [], citations: true },
    {
      kind: 'reference',
      modality: 'document',
      source: { kind: 's3Location', uri: add('s3://a-bucket/x') },
    },
    { kind: 'text', text: add('what colour?') },
  ]),
);
const withProviderTools = exchangeOfRequest((add) =>
  conversationWith([{ kind: 'text', text: add('x') }], { providerTools: [add('nova_grounding')] }),
);

function readingFor(exchange: Exchange = withDocuments) {
  if (exchange.request.kind !== 'conversation') throw new Error('not a conversation');
  const request: Conversation = exchange.request;
  return { asked: createAsked(exchange, request), dropped: createDropped() };
}

/** Reads content blocks as a whole answer. */
function whole(
  content: readonly object[],
  { exchange = withDocuments, more = {} }: { exchange?: Exchange; more?: object } = {},
) {
  const response = {
    output: { message: { role: 'assistant', content } },
    stopReason: 'end_turn',
    usage,
    metrics,
    ...more,
  };
  const reading = readingFor(exchange);
  const events = parseConverseAnswer(Buffer.from(JSON.stringify(response)), reading);
  return { events, answer: toAnswer(events), dropped: reading.dropped.count, response };
}

/** Reads events of a stream, as `[type, payload]`. */
function stream(sent: readonly (readonly [string, object])[], exchange = withDocuments) {
  const reading = readingFor(exchange);
  const reader = createConverseStream(reading);
  const events: AnswerEvent[] = [];
  for (const [type, payload] of sent) {
    events.push(...reader.read({ kind: 'event', type, payload: JSON.stringify(payload) }));
  }
  reader.end();
  return { events, answer: toAnswer(events), dropped: reading.dropped.count };
}

const at = (index: number, delta: object) => ['contentBlockDelta', { contentBlockIndex: index, delta }] as const;
const begun = (index: number, start: object) => ['contentBlockStart', { contentBlockIndex: index, start }] as const;
const closed = (index: number) => ['contentBlockStop', { contentBlockIndex: index }] as const;
const first = ['messageStart', { role: 'assistant' }] as const;
const last = [
  ['messageStop', { stopReason: 'end_turn' }],
  ['metadata', { usage, metrics }],
] as const;

describe('reasoning', () => {
  const blocks = [
    { kind: 'reasoning', text: 'let me think', proof: { kind: 'signature', signature: 'c2ln' } },
    { kind: 'reasoning', text: '', proof: { kind: 'encrypted', data: 'AAECAw==' } },
    { kind: 'reasoning', text: 'unsigned' },
    { kind: 'text', text: 'done' },
  ];

  it('comes before the text, with what proves it as its last event', () => {
    const { answer, events, response } = whole([
      { reasoningContent: { reasoningText: { text: 'let me think', signature: 'c2ln' } } },
      { reasoningContent: { redactedContent: 'AAECAw==' } },
      { reasoningContent: { reasoningText: { text: 'unsigned' } } },
      { text: 'done' },
    ]);
    expect(modelFaults('ConverseResponse', response)).toEqual([]);
    expect(answer.blocks).toEqual(blocks);
    expect(events.slice(1, 5).map(({ kind }) => kind)).toEqual(['blockStart', 'delta', 'proof', 'blockStop']);
  });

  it('comes the same in a stream, signature and encrypted data in pieces', () => {
    const reasoning = (index: number, content: object) => at(index, { reasoningContent: content });
    const { answer, events } = stream([
      first,
      reasoning(0, { text: 'let me ' }),
      reasoning(0, { text: 'think' }),
      reasoning(0, { signature: 'c2' }),
      reasoning(0, { signature: 'ln' }),
      closed(0),
      reasoning(1, { redactedContent: 'AAE=' }),
      reasoning(1, { redactedContent: 'AgM=' }),
      closed(1),
      reasoning(2, { text: 'unsigned' }),
      reasoning(2, { signature: '' }),
      closed(2),
      at(3, { text: 'done' }),
      closed(3),
      ...last,
    ]);
    expect(answer.blocks).toEqual(blocks);
    expect(events.slice(1, 6).map(({ kind }) => kind)).toEqual(['blockStart', 'delta', 'delta', 'proof', 'blockStop']);
  });

  it('keeps its proof where the stream does not say that the block ended', () => {
    const signed = [at(0, { reasoningContent: { text: 'so' } }), at(0, { reasoningContent: { signature: 'c2ln' } })];
    const { events } = stream([first, ...signed, ...last]);
    expect(events.slice(3, 6)).toMatchObject([{ kind: 'proof' }, { kind: 'blockStop', index: 0 }, { kind: 'stop' }]);
  });

  it('cannot be signed and encrypted at once', () => {
    const both = [
      at(0, { reasoningContent: { signature: 'x' } }),
      at(0, { reasoningContent: { redactedContent: 'AAE=' } }),
    ];
    expect(() => stream([first, ...both, closed(0)])).toThrow(expect.objectContaining({ code: 'upstreamFailed' }));
  });
});

describe('citations', () => {
  const cited = (location: object | undefined, sourceContent: object[] = []) => ({
    title: 'a report',
    source: 'report',
    sourceContent,
    ...(location === undefined ? {} : { location }),
  });
  const citationOf = (citation: object) => {
    const { answer, dropped, response } = whole([
      { citationsContent: { content: [{ text: 'blue' }], citations: [citation] } },
    ]);
    expect(modelFaults('ConverseResponse', response)).toEqual([]);
    const [block] = answer.blocks;
    return { citation: block?.kind === 'text' ? block.citations?.[0] : undefined, dropped };
  };

  it('stand behind the text that rests on them', () => {
    const { answer, events } = whole([
      { text: 'It is ' },
      {
        citationsContent: {
          content: [{ text: 'bl' }, { text: 'ue' }],
          citations: [
            cited({ documentPage: { documentIndex: 1, start: 1, end: 2 } }, [{ text: 'blue ' }, { text: 'sky' }]),
            {},
          ],
        },
      },
      { citationsContent: {} },
    ]);
    expect(answer.blocks).toEqual([
      { kind: 'text', text: 'It is ' },
      {
        kind: 'text',
        text: 'blue',
        citations: [
          {
            title: 'a report',
            source: 'report',
            quotes: ['blue ', 'sky'],
            location: { kind: 'pages', document: 1, start: 1, end: 2 },
          },
          { quotes: [] },
        ],
      },
      { kind: 'text', text: '' },
    ]);
    expect(events.slice(4, 9).map(({ kind }) => kind)).toEqual([
      'blockStart',
      'delta',
      'citation',
      'citation',
      'blockStop',
    ]);
  });

  it('come the same in a stream, also before any text of their block', () => {
    const location = { documentChunk: { documentIndex: 0, start: 0, end: 1 } };
    const { answer, dropped } = stream([
      first,
      at(0, { citation: cited(location, [{}, { text: 'q' }]) }),
      at(0, { text: 'blue' }),
      at(0, { citation: {} }),
      closed(0),
      ...last,
    ]);
    const citation = {
      title: 'a report',
      source: 'report',
      quotes: ['', 'q'],
      location: { kind: 'chunks', document: 0, start: 0, end: 1 },
    };
    expect(answer.blocks).toEqual([{ kind: 'text', text: 'blue', citations: [citation, { quotes: [] }] }]);
    expect(dropped).toBe(0);
  });

  it.each([
    ['UTF-16 units', 5, 12],
    ['code points', 3, 10],
  ])('place characters in UTF-16 units, where the service counted %s', (_name, start, end) => {
    const { citation } = citationOf(cited({ documentChar: { documentIndex: 0, start, end } }, [{ text: 'the sky' }]));
    expect(citation?.location).toEqual({ kind: 'characters', document: 0, start: 5, end: 12 });
  });

  it.each([
    ['whose quote is elsewhere', { documentIndex: 0, start: 3, end: 10 }, [{ text: 'the sea' }]],
    ['without a quote', { documentIndex: 0, start: 3, end: 10 }, []],
    ['beyond the end', { documentIndex: 0, start: 3, end: 1000 }, [{ text: 'the sky' }]],
    ['in a file', { documentIndex: 1, start: 3, end: 10 }, [{ text: 'the sky' }]],
    ['in a reference', { documentIndex: 2, start: 3, end: 10 }, [{ text: 'the sky' }]],
  ])('keep the place %s as it was said', (_name, place, quotes) => {
    const { documentIndex: document, start, end } = place;
    expect(citationOf(cited({ documentChar: place }, quotes)).citation?.location).toEqual({
      kind: 'characters',
      document,
      start,
      end,
    });
  });

  it('of the web have its address as their source, unless they have one', () => {
    const web = { web: { url: 'https://example.com/a', domain: 'example.com' } };
    expect(citationOf({ location: web }).citation).toEqual({ source: 'https://example.com/a', quotes: [] });
    expect(citationOf(cited(web)).citation).toEqual({ title: 'a report', source: 'report', quotes: [] });
    expect(citationOf({ location: { web: {} } }).citation).toEqual({ quotes: [] });
  });

  it('of a place that no request can have are without it, which is counted', () => {
    const result = { searchResultLocation: { searchResultIndex: 0, start: 0, end: 1 } };
    expect(citationOf(cited(result))).toEqual({
      citation: { title: 'a report', source: 'report', quotes: [] },
      dropped: 1,
    });
  });

  it.each([
    ['of a document that the request does not have', { documentPage: { documentIndex: 3, start: 1, end: 2 } }],
    ['that ends before it begins', { documentPage: { documentIndex: 0, start: 2, end: 1 } }],
    ['of two kinds', { documentPage: { documentIndex: 0, start: 1, end: 2 }, web: {} }],
    ['that is none', { documentPage: 'x' }],
    ['of no kind', {}],
  ])('are refused at a place %s', (_name, location) => {
    const read = () => whole([{ citationsContent: { citations: [{ location }] } }]);
    expect(read).toThrow(expect.objectContaining({ code: 'upstreamFailed' }));
  });

  it('of something else than text are refused', () => {
    const read = () => whole([{ citationsContent: { citations: [{ sourceContent: [{ image: {} }] }] } }]);
    expect(read).toThrow(expect.objectContaining({ code: 'upstreamFailed' }));
  });
});

describe('tools at the provider', () => {
  const call = { toolUseId: 't', name: 'nova_grounding' };

  it('are left out of an answer that asked for them, and counted', () => {
    const content = [
      { toolUse: { ...call, type: 'server_tool_use', input: { q: 'x' } } },
      { toolResult: { toolUseId: 't', content: [{ text: 'found' }], type: 'nova_grounding_result' } },
      { text: 'so' },
    ];
    const { answer, dropped } = whole(content, { exchange: withProviderTools });
    expect(answer.blocks).toEqual([{ kind: 'text', text: 'so' }]);
    expect(dropped).toBe(2);
  });

  it('are left out of a stream likewise', () => {
    const { answer, dropped, events } = stream(
      [
        first,
        begun(0, { toolUse: { ...call, type: 'server_tool_use' } }),
        at(0, { toolUse: { input: '{"q":"x"}' } }),
        closed(0),
        begun(1, { toolResult: { toolUseId: 't' } }),
        at(1, { toolResult: [{ text: 'found' }] }),
        closed(1),
        at(2, { text: 'so' }),
        closed(2),
        ...last,
      ],
      withProviderTools,
    );
    expect(answer.blocks).toEqual([{ kind: 'text', text: 'so' }]);
    expect(dropped).toBe(2);
    expect(events.map(({ kind }) => kind)).toEqual(['start', 'blockStart', 'delta', 'blockStop', 'stop', 'usage']);
  });

  it('leave calls of the caller’s tools as they are', () => {
    const { answer } = whole([{ toolUse: { ...call, input: {} } }], { exchange: withProviderTools });
    expect(answer.blocks).toEqual([{ kind: 'toolUse', id: 't', name: 'nova_grounding', arguments: '{}' }]);
  });
});

describe('what is not carried on', () => {
  it('is counted, in a whole answer', () => {
    const service = { performanceConfig: { latency: 'standard' }, serviceTier: { type: 'default' } };
    expect(whole([{ text: 'x' }], { more: service }).dropped).toBe(0);
    expect(
      whole([{ text: 'x' }], { more: { trace: {}, additionalModelResponseFields: {}, surprise: 1 } }).dropped,
    ).toBe(3);
    expect(whole([{ text: 'x' }], { more: { usage: { ...usage, cacheDetails: [], surprise: 1 } } }).dropped).toBe(1);
    expect(whole([{ citationsContent: { citations: [{ surprise: 1 }] } }]).dropped).toBe(1);
  });

  it('is counted, in a stream', () => {
    const said = [first, at(0, { text: 'x' }), closed(0)];
    expect(stream([...said, ...last]).dropped).toBe(0);
    const more = [
      ['somethingNew', { p: '' }],
      ['messageStop', { stopReason: 'end_turn', additionalModelResponseFields: {} }],
      ['metadata', { usage, metrics, trace: {}, p: 'abc' }],
    ] as const;
    expect(stream([...said, ...more]).dropped).toBe(3);
  });
});
