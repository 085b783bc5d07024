import { describe, expect, it } from 'vitest';
import type { Part } from '../../core/index.ts';
import { anthropicProtocol, bedrockProtocol, openaiProtocol } from '../../protocols/index.ts';
import { toConverseRequest, toJsonValue } from './converse-request.ts';

function partOf(origin: Part['origin'], text: string, given: Partial<Part> = {}): Part {
  return { kind: 'text', origin, path: '', text, ...given };
}

const spec = { name: 'lookup', description: 'Looks up.', inputSchema: { json: { type: 'object' } } };
const use = { toolUseId: 't1', name: 'lookup', input: { id: 7 } };

/** One conversation as Converse has it; the other protocols' bodies below say the same. */
const said = {
  system: [{ text: 'Be brief.' }],
  messages: [
    { role: 'user', content: [{ text: 'Who is 7?' }, { text: 'And 8?' }] },
    {
      role: 'assistant',
      content: [{ text: 'Let me see.' }, { toolUse: use }, { toolUse: { ...use, toolUseId: 't2' } }],
    },
    {
      role: 'user',
      content: [
        { toolResult: { toolUseId: 't1', content: [{ text: 'Jane' }] } },
        { toolResult: { toolUseId: 't2', content: [{ text: 'Joe' }] } },
      ],
    },
  ],
  toolConfig: { tools: [{ toolSpec: spec }] },
};

const call = (id: string) => ({ id, type: 'function', function: { name: 'lookup', arguments: '{"id":7}' } });
const chat = {
  model: 'm',
  messages: [
    { role: 'system', content: 'Be brief.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Who is 7?' },
        { type: 'text', text: 'And 8?' },
      ],
    },
    { role: 'assistant', content: 'Let me see.', tool_calls: [call('t1'), call('t2')] },
    { role: 'tool', tool_call_id: 't1', content: 'Jane' },
    { role: 'tool', tool_call_id: 't2', content: 'Joe' },
  ],
  tools: [{ type: 'function', function: { name: 'lookup', description: 'Looks up.', parameters: { type: 'object' } } }],
};

const messages = {
  model: 'm',
  max_tokens: 9,
  system: 'Be brief.',
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Who is 7?' },
        { type: 'text', text: 'And 8?' },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'Let me see.' },
        { type: 'tool_use', id: 't1', name: 'lookup', input: { id: 7 } },
        { type: 'tool_use', id: 't2', name: 'lookup', input: { id: 7 } },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 't1', content: 'Jane' },
        { type: 'tool_result', tool_use_id: 't2', content: [{ type: 'text', text: 'Joe' }] },
      ],
    },
  ],
  tools: [{ name: 'lookup', description: 'Looks up.', input_schema: { type: 'object' } }],
};

const toBytes = (body: object) => Buffer.from(JSON.stringify(body));

describe('the Converse request of parts', () => {
  it.each([
    ['Converse', bedrockProtocol, { operation: 'Converse', model: 'm' }, said],
    ['chat completions', openaiProtocol, { operation: 'chat.completions' }, chat],
    ['Anthropic messages', anthropicProtocol, { operation: 'messages' }, messages],
  ] as const)('says what the request said as %s', (_name, protocol, route, body) => {
    const { parts } = protocol.read({ kind: 'invoke', ...route }, toBytes(body), () => undefined);
    expect(toConverseRequest(parts)).toEqual(said);
  });

  it('has structured results and reasoning in their own members', () => {
    const content = [{ reasoningContent: { reasoningText: { text: 'Hm.' } } }, { text: 'Yes.' }];
    const results = [{ json: { a: [1] } }, { text: 'b' }];
    const parts = [
      partOf('assistant', 'Hm.', { kind: 'sealed' }),
      partOf('assistant', 'Yes.'),
      partOf('toolResult', 't1', { kind: 'identifier', path: '/messages/1/content/0/toolResult/toolUseId' }),
      partOf('toolResult', '{"a":[1]}', { kind: 'json' }),
      partOf('toolResult', 's3://bucket/key', { kind: 'identifier', path: '/image/source/s3Location/uri' }),
      partOf('toolResult', 'b'),
    ];
    expect(toConverseRequest(parts)).toEqual({
      messages: [
        { role: 'assistant', content },
        { role: 'user', content: [{ toolResult: { toolUseId: 't1', content: results } }] },
      ],
    });
  });

  it('has the texts of documents, and neither parameters, metadata nor names of files elsewhere', () => {
    const parts = [
      partOf('user', 'What does it say?'),
      partOf('user', 's3://bucket/key', { kind: 'identifier' }),
      partOf('document', 'It says so.'),
      partOf('parameter', 'STOP'),
      partOf('metadata', 'case 12'),
    ];
    const content = [{ text: 'What does it say?' }, { document: { source: { text: 'It says so.' } } }];
    expect(toConverseRequest(parts)).toEqual({ messages: [{ role: 'user', content }] });
  });

  it('loses no text of a result without an id, and takes a tool without a name', () => {
    expect(toConverseRequest([partOf('toolResult', 'Jane')]).messages).toEqual([
      { role: 'user', content: [{ toolResult: { toolUseId: '', content: [{ text: 'Jane' }] } }] },
    ]);
    expect(toConverseRequest([partOf('toolDefinition', 'Looks up.')])).toEqual({ messages: [] });
  });

  it('is empty of no parts', () => {
    expect(toConverseRequest([])).toEqual({ messages: [] });
  });
});

describe('a JSON text', () => {
  it('is its value, and itself where it is no JSON that two readers read alike', () => {
    expect(toJsonValue('{"a":1}')).toEqual({ a: 1 });
    expect(toJsonValue('{"card":{EMAIL}}')).toBe('{"card":{EMAIL}}');
    expect(toJsonValue('{"a":1,"a":2}')).toBe('{"a":1,"a":2}');
  });
});
