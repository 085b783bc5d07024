import { describe, expect, it } from 'vitest';
import type { Block, Conversation, Part, PartIndex } from '../../core/index.ts';
import { codeOf, errorOf } from '../protocol.suite.ts';
import { read } from './wire.suite.ts';

const MODEL = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const base64 = (bytes: string | Uint8Array) => Buffer.from(bytes).toString('base64');
const hello = { role: 'user', content: [{ text: 'hello' }] };

interface ReadContent {
  readonly request: Conversation;
  readonly parts: readonly Part[];
  readonly blocks: readonly Block[];
  textAt(index: PartIndex | undefined): string | undefined;
}

function converse(body: object): ReadContent {
  const { request, parts } = read('Converse', MODEL, { messages: [hello], ...body });
  if (request.kind !== 'conversation') throw new Error('not a conversation');
  const blocks = request.messages.flatMap(({ content }) => content);
  return { request, parts, blocks, textAt: (index) => (index === undefined ? undefined : parts[index]?.text) };
}

const user = (...content: readonly object[]) => converse({ messages: [{ role: 'user', content }] });
const assistant = (...content: readonly object[]) => converse({ messages: [{ role: 'assistant', content }] });
const document = (members: object) => user({ document: { name: 'notes', ...members } });

describe('documents of Converse', () => {
  it.each(['txt', 'md', 'csv'])('are read as the text they are: %s', (format) => {
    const { blocks, parts } = document({ format, source: { bytes: base64('Grüße, 😀\n') } });
    expect(blocks).toEqual([{ kind: 'document', name: 0, format, text: [1], citations: false }]);
    expect(parts).toEqual([
      { kind: 'text', origin: 'document', path: '/messages/0/content/0/document/name', text: 'notes' },
      { kind: 'text', origin: 'document', path: '/messages/0/content/0/document/source/bytes', text: 'Grüße, 😀\n' },
    ]);
  });

  it.each(['html', 'pdf', 'docx', 'xlsx', 'doc', 'xls'])(
    'keep the file whose text is taken out later: %s',
    (format) => {
      const [block] = document({ format, source: { bytes: base64('%PDF') } }).blocks;
      expect(block).toEqual({
        kind: 'document',
        name: 0,
        format,
        bytes: Buffer.from('%PDF'),
        text: [],
        citations: false,
      });
    },
  );

  it('keep a byte order mark, which is part of the text that goes on', () => {
    const { parts } = document({ format: 'csv', source: { bytes: base64('\ufeffa;b') } });
    expect(parts[1]?.text).toBe('\ufeffa;b');
  });

  it.each([Uint8Array.of(0xff, 0xfe, 0x41, 0), Uint8Array.of(0xc3), Uint8Array.of(0xed, 0xa0, 0x80)])(
    'are refused where their text is not UTF-8: what one reader replaces another reads',
    (bytes) => {
      const act = () => document({ format: 'txt', source: { bytes: base64(bytes) } });
      expect(codeOf(act)).toBe('uninspectable');
      expect(String(errorOf(act))).toContain('not UTF-8');
    },
  );

  it('take text in pieces, what is said of them, and the wish for citations', () => {
    const { blocks, textAt } = document({
      source: { content: [{ text: 'one' }, { text: 'two' }] },
      context: 'from the archive',
      citations: { enabled: true },
    });
    const [block] = blocks;
    if (block?.kind !== 'document') throw new Error('no document');
    expect(block).toMatchObject({ format: 'txt', citations: true });
    expect(block.text.map(textAt)).toEqual(['one', 'two']);
    expect(textAt(block.context)).toBe('from the archive');
  });

  it('take a name of 200 characters, however many units those are', () => {
    expect(document({ name: '😀'.repeat(200), source: { text: 'x' } }).parts[0]?.text).toBe('😀'.repeat(200));
    expect(codeOf(() => document({ name: '😀'.repeat(201), source: { text: 'x' } }))).toBe('invalidRequest');
  });

  it.each([
    [{ source: { bytes: base64('x') } }, 'invalidRequest'],
    [{ format: 'pdf', source: { text: 'x' } }, 'invalidRequest'],
    [{ source: { content: [] } }, 'invalidRequest'],
    [{ source: { text: 'x', bytes: base64('x') } }, 'invalidRequest'],
    [{ source: { s3Location: { uri: 's3://bucket/x' } }, context: 'x' }, 'unsupported'],
    [{ source: { s3Location: { uri: 's3://bucket/x' } }, citations: { enabled: true } }, 'unsupported'],
  ])('are refused as %j', (members, code) => {
    expect(codeOf(() => document(members))).toBe(code);
  });

  it('may stand elsewhere, without a wish for citations', () => {
    const { blocks, parts } = document({
      source: { s3Location: { uri: 's3://bucket/x', bucketOwner: '123456789012' } },
      citations: { enabled: false },
    });
    const source = { kind: 's3Location', uri: 1, bucketOwner: 2 };
    expect(blocks).toEqual([{ kind: 'reference', modality: 'document', name: 0, source }]);
    expect(parts.slice(1)).toMatchObject([
      { kind: 'identifier', origin: 'user', text: 's3://bucket/x' },
      { kind: 'identifier', origin: 'user', text: '123456789012' },
    ]);
  });
});

describe('media of Converse', () => {
  it('is read with its format, in turns of either role and in results of tools', () => {
    const image = { image: { format: 'png', source: { bytes: 'iVBORw==' } } };
    const media = { kind: 'media', modality: 'image', format: 'png', bytes: Buffer.from('iVBORw==', 'base64') };
    expect(user(image).blocks).toEqual([media]);
    expect(assistant(image).blocks).toEqual([media]);
    const [result] = user({ toolResult: { toolUseId: 't', content: [image] } }).blocks;
    expect(result).toMatchObject({ content: [media] });
  });

  it('is refused where its bytes could be read in two ways, or are none', () => {
    for (const bytes of ['iVBORw=', 'iVBORw', 'iVBO Rw==', 'iVBORx==', '_-8=', '']) {
      expect(codeOf(() => user({ image: { format: 'png', source: { bytes } } }))).toBe('invalidRequest');
    }
  });

  const from = (uri: string) => codeOf(() => user({ video: { format: 'mp4', source: { s3Location: { uri } } } }));

  it.each(['s3://bucket', 's3://my.bucket-1/', 's3://bucket/a b/ü.mp4'])('is referred to by %j', (uri) => {
    expect(from(uri)).toBeUndefined();
  });

  it.each(['s3://b', 's3://Bucket/x', 'https://bucket/x', `s3://bucket/${'x'.repeat(1024)}`, 's3://bucket/x\ny'])(
    'is not referred to by %j',
    (uri) => {
      expect(from(uri)).toBe('invalidRequest');
    },
  );
});

describe('reasoning of Converse', () => {
  it('comes back with the token that stands for its signature', () => {
    const reasoning = (reasoningContent: object) => assistant({ reasoningContent }).blocks;
    expect(reasoning({ reasoningText: { text: 'so', signature: 'token' } })).toEqual([
      { kind: 'reasoning', text: 0, proof: { kind: 'sealed', token: 'token' } },
    ]);
    expect(reasoning({ reasoningText: { text: 'so', signature: '' } })).toEqual([{ kind: 'reasoning', text: 0 }]);
    expect(reasoning({ reasoningText: { text: 'so' } })).toEqual([{ kind: 'reasoning', text: 0 }]);
    expect(reasoning({ redactedContent: base64('token.é') })).toEqual([
      { kind: 'reasoning', proof: { kind: 'sealed', token: 'token.é' } },
    ]);
  });

  it('is the assistant’s alone', () => {
    expect(codeOf(() => user({ reasoningContent: { reasoningText: { text: 'so' } } }))).toBe('invalidRequest');
  });

  it('is asked for by model-specific fields, which then are no raw ones', () => {
    const thinking = { type: 'enabled', budget_tokens: 1024 };
    const alone = converse({ additionalModelRequestFields: { thinking } });
    expect(alone.request).not.toHaveProperty('additionalFields');
    expect(alone.request.inference).toEqual({ reasoning: { kind: 'budget', tokens: 1024 } });
    const beside = converse({ additionalModelRequestFields: { thinking, top_k: 5 } });
    expect(beside.textAt(beside.request.additionalFields)).toBe('{"top_k":5}');
    expect(codeOf(() => converse({ additionalModelRequestFields: { thinking, tools: [] } }))).toBe('unsupported');
  });

  it('is asked for by an effort, alone or beside thinking', () => {
    const outputConfig = { effort: 'max' };
    expect(converse({ outputConfig }).request.inference).toEqual({ reasoning: { kind: 'effort', effort: 'max' } });
    const beside = (thinking: object) =>
      converse({ outputConfig, additionalModelRequestFields: { thinking } }).request.inference.reasoning;
    expect(beside({ type: 'adaptive' })).toEqual({ kind: 'adaptive', effort: 'max' });
    expect(beside({ type: 'disabled' })).toEqual({ kind: 'off', effort: 'max' });
    const budget = { type: 'enabled', budget_tokens: 1024 };
    expect(beside(budget)).toEqual({ kind: 'budget', tokens: 1024, effort: 'max' });
  });

  it('is not asked for by two efforts', () => {
    const outputConfig = { effort: 'max' };
    const reasoningConfig = { type: 'enabled', maxReasoningEffort: 'low' };
    const twice = { outputConfig, additionalModelRequestFields: { reasoningConfig } };
    expect(codeOf(() => converse(twice))).toBe('unsupported');
    expect(codeOf(() => converse({ outputConfig: { effort: 'none' } }))).toBe('invalidRequest');
  });

  it('keeps no raw fields where none were given, and empty ones where they were', () => {
    expect(converse({}).request).not.toHaveProperty('additionalFields');
    const { request, textAt } = converse({ additionalModelRequestFields: {} });
    expect(textAt(request.additionalFields)).toBe('{}');
  });
});

describe('an answer with citations on its way back', () => {
  it('is its text, in as many pieces', () => {
    const content = [{ text: 'one' }, { text: 'two' }];
    const { blocks, parts } = assistant({ citationsContent: { content, citations: [] } });
    expect(blocks.map(({ kind }) => kind)).toEqual(['text', 'text']);
    expect(parts.map(({ text, path }) => [text, path])).toEqual([
      ['one', '/messages/0/content/0/citationsContent/content/0/text'],
      ['two', '/messages/0/content/0/citationsContent/content/1/text'],
    ]);
    expect(assistant({ citationsContent: {} }).blocks).toEqual([]);
  });

  it('keeps what it rests on, every text of it inspected', () => {
    const location = (of: string) => ({ [of]: { documentIndex: 1, start: 2, end: 3 } });
    const citations = [
      {
        title: 'notes',
        source: 'wiki',
        sourceContent: [{ text: 'a' }, { text: 'b' }],
        location: location('documentChar'),
      },
      { location: location('documentPage') },
      { location: location('documentChunk') },
      {},
    ];
    const { blocks, parts } = assistant({ citationsContent: { content: [{ text: 'one' }], citations } });
    expect(blocks).toEqual([
      {
        kind: 'text',
        text: 0,
        citations: [
          { title: 1, source: 2, quotes: [3, 4], location: { kind: 'characters', document: 1, start: 2, end: 3 } },
          { quotes: [], location: { kind: 'pages', document: 1, start: 2, end: 3 } },
          { quotes: [], location: { kind: 'chunks', document: 1, start: 2, end: 3 } },
          { quotes: [] },
        ],
      },
    ]);
    const path = '/messages/0/content/0/citationsContent';
    expect(parts).toEqual(
      Object.entries({
        'content/0/text': 'one',
        'citations/0/title': 'notes',
        'citations/0/source': 'wiki',
        'citations/0/sourceContent/0/text': 'a',
        'citations/0/sourceContent/1/text': 'b',
      }).map(([at, text]) => ({ kind: 'text', origin: 'assistant', path: `${path}/${at}`, text })),
    );
  });

  it('is refused where the citations are not those of one text', () => {
    for (const content of [undefined, [], [{ text: 'one' }, { text: 'two' }]]) {
      const act = () => assistant({ citationsContent: { content, citations: [{ title: 'notes' }] } });
      expect(codeOf(act)).toBe('unsupported');
      expect(act).toThrow('`citationsContent.citations`');
    }
  });

  it.each([
    [{ web: { url: 'https://example.com' } }, 'unsupported'],
    [{ searchResultLocation: { searchResultIndex: 0, start: 0, end: 1 } }, 'unsupported'],
    [{ documentChar: { documentIndex: 0, start: 0 } }, 'invalidRequest'],
    [{ documentChar: { documentIndex: -1, start: 0, end: 1 } }, 'invalidRequest'],
    [{}, 'invalidRequest'],
  ])('is refused with a citation at %j', (location, code) => {
    const content = [{ text: 'one' }];
    expect(codeOf(() => assistant({ citationsContent: { content, citations: [{ location }] } }))).toBe(code);
  });

  it('is the assistant’s alone', () => {
    expect(codeOf(() => user({ citationsContent: { content: [{ text: 'one' }] } }))).toBe('invalidRequest');
  });
});

describe('tools of Converse', () => {
  const toolSpec = (name: string, more: object = {}) => ({ toolSpec: { name, inputSchema: { json: {} }, ...more } });
  const cachePoint = { cachePoint: { type: 'default' } };
  const tools = (...list: readonly object[]) => converse({ toolConfig: { tools: list } }).request;

  it('may be strict, marked for the cache, and the provider’s own', () => {
    const hour = { cachePoint: { type: 'default', ttl: '1h' } };
    const systemTool = { systemTool: { name: 'nova_grounding' } };
    const request = tools(
      toolSpec('a', { strict: true }),
      systemTool,
      hour,
      toolSpec('b', { strict: false }),
      cachePoint,
    );
    expect(request.tools).toMatchObject([
      { strict: true, cachePoint: { kind: 'cachePoint', ttl: '1h' } },
      { strict: false, cachePoint: { kind: 'cachePoint' } },
    ]);
    expect(request.providerTools).toHaveLength(1);
    expect(tools(toolSpec('a'))).not.toHaveProperty('providerTools');
    expect(tools(toolSpec('a')).tools[0]).not.toHaveProperty('strict');
  });

  it('are refused with a cache point that stands behind none of theirs', () => {
    expect(codeOf(() => tools(cachePoint, toolSpec('a')))).toBe('unsupported');
    expect(codeOf(() => tools(toolSpec('a'), cachePoint, cachePoint))).toBe('unsupported');
  });
});

describe('the form of an answer of Converse', () => {
  const format = (jsonSchema: object) =>
    converse({ outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema } } } });

  it('is a schema, read as the JSON it is', () => {
    const { request, parts } = format({ schema: '{ "a": 1e2 }', name: 'n', description: 'd' });
    expect(request.inference.outputFormat).toEqual({ kind: 'jsonSchema', name: 1, description: 2, schema: 3 });
    expect(parts[3]).toMatchObject({ kind: 'json', origin: 'parameter', text: '{ "a": 1e2 }' });
    expect(format({ schema: '{}' }).request.inference.outputFormat).toEqual({ kind: 'jsonSchema', schema: 1 });
  });

  it.each(['', 'text', '[]', 'null', '{"a":1,"a":2}', '{} '.repeat(2)])('is no %j', (schema) => {
    const act = () => format({ schema });
    expect(codeOf(act)).toBe('invalidRequest');
    expect(act).toThrow('`jsonSchema.schema` is not the text of a JSON object');
  });
});
