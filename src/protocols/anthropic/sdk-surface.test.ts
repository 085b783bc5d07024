import { describe, expect, it } from 'vitest';
import {
  type Answer,
  type AnswerEvent,
  type CitationLocation,
  type FaultCode,
  faults,
  GatewayError,
  parseJson,
  type StopReason,
} from '../../core/index.ts';
import { codeOf, errorOf } from '../protocol.suite.ts';
import { requestId } from '../served.suite.ts';
import { writeFault } from './errors.ts';
import { createMessageEvents, readMessages, readTokenCount, writeMessage } from './messages.ts';
import { readSdkTypes } from './sdk-types.suite.ts';

const current = readSdkTypes('messages/messages.d.ts');
const beta = readSdkTypes('beta/messages/messages.d.ts');

/** Every literal that the SDK has in a union of its API of today or of its betas. */
const literalsOf = (name: string) => [...new Set([...current.literalsOf(name), ...beta.literalsOf(`Beta${name}`)])];

const simple = { model: 'm', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] };
const read = (value: unknown) => readMessages(parseJson(JSON.stringify(value)), 'api');
const codeWith = (fields: object) => codeOf(() => read({ ...simple, ...fields }));
const withBlock = (role: string, block: object) => ({ messages: [{ role, content: [block] }] });

const text = { type: 'text', text: 'x' };
const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAEC' } };
const document = { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'x' } };
const toolUse = { type: 'tool_use', id: 'a', name: 'n', input: {} };
const toolResult = { type: 'tool_result', tool_use_id: 'a' };
const thinking = { type: 'thinking', thinking: 'x', signature: 'y' };
const redactedThinking = { type: 'redacted_thinking', data: 'x' };
const tool = { name: 'n', input_schema: { type: 'object' } };

const cited = { cited_text: 'x', document_index: 0, document_title: null };
const citations = {
  char_location: { type: 'char_location', ...cited, start_char_index: 0, end_char_index: 1 },
  page_location: { type: 'page_location', ...cited, start_page_number: 1, end_page_number: 2 },
  content_block_location: { type: 'content_block_location', ...cited, start_block_index: 0, end_block_index: 1 },
};

/** What is tried for a union: examples of what is carried, and where a value stands. All else must be refused. */
interface UnionCase {
  readonly carried: Readonly<Record<string, object>>;
  readonly places: readonly ((value: object) => object)[];
}

const unions: readonly (readonly [name: string, subject: UnionCase])[] = [
  [
    'ContentBlockParam',
    {
      carried: { text, image, document, tool_result: toolResult },
      places: [(block) => withBlock('user', block)],
    },
  ],
  [
    'ContentBlockSourceContent',
    {
      carried: { text },
      places: [(block) => withBlock('user', { type: 'document', source: { type: 'content', content: [block] } })],
    },
  ],
  ['ToolUnion', { carried: { custom: { ...tool, type: 'custom' } }, places: [(value) => ({ tools: [value] })] }],
  [
    'ToolChoice',
    {
      carried: {
        auto: { type: 'auto' },
        any: { type: 'any' },
        none: { type: 'none' },
        tool: { type: 'tool', name: 'n' },
      },
      places: [(value) => ({ tool_choice: value })],
    },
  ],
  [
    'ThinkingConfigParam',
    {
      carried: {
        enabled: { type: 'enabled', budget_tokens: 1024 },
        adaptive: { type: 'adaptive' },
        disabled: { type: 'disabled' },
      },
      places: [(value) => ({ thinking: value })],
    },
  ],
  [
    'TextCitationParam',
    {
      carried: citations,
      places: [(citation) => withBlock('assistant', { ...text, citations: [citation] })],
    },
  ],
  [
    'TextCitationParam',
    {
      carried: {},
      places: [
        (citation) => withBlock('user', { ...text, citations: [citation] }),
        (citation) => ({ system: [{ ...text, citations: [citation] }] }),
      ],
    },
  ],
];

describe('what the SDK can send', () => {
  it.each(unions)('is carried or refused, each by its type: %s', (name, { carried, places }) => {
    const types = literalsOf(name);
    expect(types.length).toBeGreaterThan(1);
    // What only a turn of the assistant's may hold is tried below.
    const tried = types.filter((type) => !['tool_use', 'thinking', 'redacted_thinking'].includes(type));
    expect(tried).toEqual(expect.arrayContaining(Object.keys(carried)));
    for (const type of tried) {
      const expected = type in carried ? [undefined] : ['unsupported', 'uninspectable'];
      for (const place of places) expect(expected, type).toContain(codeWith(place(carried[type] ?? { type })));
    }
  });

  it('is carried or refused in a turn of the assistant’s', () => {
    const carried: Readonly<Record<string, object>> = {
      text,
      tool_use: toolUse,
      thinking,
      redacted_thinking: redactedThinking,
    };
    // The API itself takes results from the user alone.
    for (const type of literalsOf('ContentBlockParam').filter((each) => each !== 'tool_result')) {
      const expected = type in carried ? [undefined] : ['unsupported', 'uninspectable'];
      expect(expected, type).toContain(codeWith(withBlock('assistant', carried[type] ?? { type })));
    }
  });

  it('is carried or refused in the result of a tool', () => {
    const carried: Readonly<Record<string, object>> = { text, image, document };
    const types = new Set([
      ...current.literalsIn('ToolResultBlockParam', 'content'),
      ...beta.literalsIn('BetaToolResultBlockParam', 'content'),
    ]);
    for (const type of types) {
      const block = { ...toolResult, content: [carried[type] ?? { type }] };
      expect(codeWith(withBlock('user', block)), type).toBe(type in carried ? undefined : 'unsupported');
    }
  });

  it('stands in sources of which each is carried', () => {
    const sources: Readonly<Record<string, object>> = {
      url: { type: 'url', url: 'https://example.com' },
      file: { type: 'file', file_id: 'f' },
      text: document.source,
      content: { type: 'content', content: 'x' },
    };
    const base64 = { image: image.source, document: { type: 'base64', media_type: 'application/pdf', data: 'AAEC' } };
    for (const [type, names] of [
      ['image', [current.literalsIn('ImageBlockParam', 'source'), beta.literalsIn('BetaImageBlockParam', 'source')]],
      [
        'document',
        [current.literalsIn('DocumentBlockParam', 'source'), beta.literalsIn('BetaRequestDocumentBlock', 'source')],
      ],
    ] as const) {
      expect(names.flat().length).toBeGreaterThan(5);
      for (const name of names.flat()) {
        const source = name === 'base64' ? base64[type] : sources[name];
        expect(codeWith(withBlock('user', { type, source })), `${type} ${name}`).toBeUndefined();
      }
    }
  });

  it('has roles of which one is refused', () => {
    const roles = new Set([
      ...current.literalsOf('MessageParam', 'role'),
      ...beta.literalsOf('BetaMessageParam', 'role'),
    ]);
    expect([...roles].map((role) => [role, codeWith({ messages: [{ role, content: 'x' }] })])).toEqual([
      ['user', undefined],
      ['assistant', undefined],
      ['system', 'unsupported'],
    ]);
  });

  it('has no member that is unknown here', () => {
    const odd = { odd: [1] };
    const cite = (citation: object) => (member: object) => ({
      ...simple,
      ...withBlock('assistant', { ...text, citations: [{ ...citation, ...member }] }),
    });
    const places: Readonly<Record<string, (member: object) => object>> = {
      // What an answer holds comes back as it was: its members beside those of what is sent.
      CitationCharLocation: cite(citations.char_location),
      CitationCharLocationParam: cite(citations.char_location),
      CitationPageLocation: cite(citations.page_location),
      CitationPageLocationParam: cite(citations.page_location),
      CitationContentBlockLocation: cite(citations.content_block_location),
      CitationContentBlockLocationParam: cite(citations.content_block_location),
      MessageCreateParamsBase: (member) => ({ ...simple, ...member }),
      TextBlockParam: (member) => ({ ...simple, ...withBlock('user', { ...text, ...member }) }),
      ImageBlockParam: (member) => ({ ...simple, ...withBlock('user', { ...image, ...member }) }),
      DocumentBlockParam: (member) => ({ ...simple, ...withBlock('user', { ...document, ...member }) }),
      RequestDocumentBlock: (member) => ({ ...simple, ...withBlock('user', { ...document, ...member }) }),
      ToolUseBlockParam: (member) => ({ ...simple, ...withBlock('assistant', { ...toolUse, ...member }) }),
      ToolResultBlockParam: (member) => ({ ...simple, ...withBlock('user', { ...toolResult, ...member }) }),
      ThinkingBlockParam: (member) => ({ ...simple, ...withBlock('assistant', { ...thinking, ...member }) }),
      RedactedThinkingBlockParam: (member) => ({
        ...simple,
        ...withBlock('assistant', { ...redactedThinking, ...member }),
      }),
      ThinkingConfigEnabled: (member) => ({ ...simple, thinking: { type: 'enabled', budget_tokens: 1024, ...member } }),
      ThinkingConfigAdaptive: (member) => ({ ...simple, thinking: { type: 'adaptive', ...member } }),
      Tool: (member) => ({ ...simple, tools: [{ ...tool, ...member }] }),
      OutputConfig: (member) => ({ ...simple, output_config: member }),
      JSONOutputFormat: (member) => ({ ...simple, output_config: { format: { type: 'json_schema', ...member } } }),
      Metadata: (member) => ({ ...simple, metadata: member }),
    };
    for (const [name, place] of Object.entries(places)) {
      const prefixed = name === 'MessageCreateParamsBase' ? name : `Beta${name}`;
      const members = new Set([...current.membersOf(name), ...beta.membersOf(prefixed)]);
      // The SDK sends these as headers.
      for (const header of ['betas']) members.delete(header);
      expect(members.size, name).toBeGreaterThan(0);
      for (const member of members) {
        const error = errorOf(() => read(place({ [member]: odd })));
        expect(String(error), `${name}.${member}`).not.toContain(`does not know: \`${member}\``);
      }
    }
  });

  it('has no member that is unknown where tokens are counted', () => {
    const { max_tokens: _, ...rest } = simple;
    const count = (value: object) => readTokenCount(parseJson(JSON.stringify({ ...rest, ...value })));
    const members = [...current.membersOf('MessageCountTokensParams'), ...beta.membersOf('MessageCountTokensParams')];
    expect(members.length).toBeGreaterThan(20);
    for (const member of members.filter((each) => each !== 'betas')) {
      expect(String(errorOf(() => count({ [member]: { odd: [1] } }))), member).not.toContain(
        `does not know: \`${member}\``,
      );
    }
    expect(codeOf(() => count({ max_tokens: 5 }))).toBe('invalidRequest');
  });
});

const usage = { inputTokens: 1, outputTokens: 1 };
const locations: readonly CitationLocation['kind'][] = ['characters', 'pages', 'chunks'];
const proof = { kind: 'sealed', token: 't' } as const;
const everything: Answer = {
  blocks: [
    { kind: 'reasoning', text: 'x', proof },
    { kind: 'reasoning', text: '', proof },
    {
      kind: 'text',
      text: 'x',
      citations: [
        ...locations.map((kind) => ({ quotes: ['x'], location: { kind, document: 0, start: 0, end: 1 } })),
        { quotes: ['x'], source: 'https://example.com' },
      ],
    },
    { kind: 'toolUse', id: 'a', name: 'n', arguments: '{}' },
  ],
  embeddings: [],
  stop: 'toolUse',
  usage,
};

/** What the API can answer and this gateway does not: the work of tools that run at the provider, and of betas. */
const unwritten = {
  ContentBlock: [
    'server_tool_use',
    'web_search_tool_result',
    'web_fetch_tool_result',
    'code_execution_tool_result',
    'bash_code_execution_tool_result',
    'text_editor_code_execution_tool_result',
    'tool_search_tool_result',
    'container_upload',
    'advisor_tool_result',
    'mcp_tool_use',
    'mcp_tool_result',
    'compaction',
    'fallback',
    'mcp_tool_listing',
  ],
  RawMessageStreamEvent: [],
  RawContentBlockDelta: ['compaction_delta'],
  TextCitation: ['search_result_location'],
  StopReason: ['pause_turn', 'compaction'],
};

describe('what the SDK can receive', () => {
  const eventsOf = (): readonly { readonly type: string; readonly delta?: { readonly type?: string } }[] => {
    const stream = createMessageEvents({ id: 'msg_1', model: 'm' });
    const written = [...stream.events(toEvents(everything)), ...stream.end()];
    return written.map(({ json }) => JSON.parse(json));
  };
  const content: readonly { readonly type: string; readonly citations?: readonly { readonly type: string }[] }[] =
    JSON.parse(writeMessage(everything, { id: 'msg_1', model: 'm' })).content;
  const sorted = (values: Iterable<string>) => [...new Set(values)].sort();

  it.each([
    ['ContentBlock', () => content.map(({ type }) => type)],
    ['TextCitation', () => content.flatMap(({ citations }) => (citations ?? []).map(({ type }) => type))],
    ['RawMessageStreamEvent', () => eventsOf().map(({ type }) => type)],
    ['RawContentBlockDelta', () => eventsOf().flatMap(({ delta }) => delta?.type ?? [])],
  ] as const)('is written, or known to be unwritten: %s', (name, written) => {
    expect(sorted(literalsOf(name))).toEqual(sorted([...written(), ...unwritten[name]]));
  });

  it('is written with every reason to stop but those of what is unwritten', () => {
    const reasons = Object.keys({
      endTurn: 0,
      maxTokens: 0,
      contextWindow: 0,
      stopSequence: 0,
      toolUse: 0,
      contentFilter: 0,
      guardrail: 0,
    } satisfies Record<StopReason, 0>) as StopReason[];
    const written = reasons.map(
      (stop) => JSON.parse(writeMessage({ ...everything, stop }, { id: 'msg_1', model: 'm' })).stop_reason,
    );
    const known = [...current.stringsOf('StopReason'), ...beta.stringsOf('BetaStopReason')];
    expect(sorted(known)).toEqual(sorted([...written, ...unwritten.StopReason]));
  });

  it('is, of errors, of a type the API has', () => {
    // The one the SDK does not declare is the API's of a request above its size limit (…/docs/en/api/errors).
    const known = [...readSdkTypes('shared.d.ts').stringsOf('ErrorType'), 'request_too_large'];
    for (const code of Object.keys(faults) as FaultCode[]) {
      const { body } = writeFault(new GatewayError(code), requestId);
      expect(known, code).toContain(JSON.parse(Buffer.from(body).toString()).error.type);
    }
  });
});

function toEvents({ blocks }: Answer): readonly AnswerEvent[] {
  return [
    { kind: 'start' },
    ...blocks.flatMap((block, index): AnswerEvent[] => {
      const start =
        block.kind === 'toolUse' ? { kind: block.kind, id: block.id, name: block.name } : { kind: block.kind };
      const cited = block.kind === 'text' ? (block.citations ?? []) : [];
      return [
        { kind: 'blockStart', index, block: start },
        { kind: 'delta', index, text: block.kind === 'toolUse' ? block.arguments : block.text },
        ...cited.map((citation): AnswerEvent => ({ kind: 'citation', index, citation })),
        ...(block.kind === 'reasoning' ? [{ kind: 'proof', index, proof } as const] : []),
        { kind: 'blockStop', index },
      ];
    }),
    { kind: 'stop', reason: 'toolUse' },
    { kind: 'usage', usage },
  ];
}
