import { describe, expect, it } from 'vitest';
import type { Conversation, Inference, Tool } from '../../core/index.ts';
import { CLAUDE, NOVA } from '../cleared.suite.ts';
import { converseBodyText, countedConversationText } from './converse-body.ts';
import { type AddPart, conversationWith, exchangeOfRequest } from './inner-exchange.suite.ts';
import { modelFaults } from './service-model.suite.ts';

const LLAMA = 'meta.llama3-8b-instruct-v1:0';

type More = (add: AddPart) => Partial<Conversation>;

function printed(more: More, model = CLAUDE, print = converseBodyText): string {
  const exchange = exchangeOfRequest(
    (add) => conversationWith([{ kind: 'text', text: add('hello') }], more(add)),
    model,
  );
  if (exchange.request.kind !== 'conversation') throw new Error('not a conversation');
  return print(exchange, exchange.request);
}

function bodyOf(more: More, model?: string) {
  const body = JSON.parse(printed(more, model));
  expect(modelFaults('ConverseRequest', body)).toEqual([]);
  return body;
}

const fieldsOf = (more: More, model?: string) => bodyOf(more, model).additionalModelRequestFields;
const asking =
  (inference: Inference): More =>
  () => ({ inference });
const unsupported = (detail: RegExp) =>
  expect.objectContaining({ code: 'unsupported', message: expect.stringMatching(detail) });

describe('reasoning', () => {
  it.each([
    [{ kind: 'off' }, { thinking: { type: 'disabled' } }],
    [{ kind: 'effort', effort: 'none' }, { thinking: { type: 'disabled' } }],
    [{ kind: 'adaptive' }, { thinking: { type: 'adaptive' } }],
    [{ kind: 'budget', tokens: 2048 }, { thinking: { type: 'enabled', budget_tokens: 2048 } }],
  ] as const)('of Claude by %j is %j', (reasoning, fields) => {
    expect(bodyOf(asking({ reasoning }))).toMatchObject({ additionalModelRequestFields: fields });
    expect(bodyOf(asking({ reasoning }))).not.toHaveProperty('outputConfig');
  });

  it.each(['low', 'medium', 'high', 'xhigh', 'max'] as const)(
    'by the effort %s is said in Converse’s own field',
    (effort) => {
      for (const model of [CLAUDE, LLAMA]) {
        const body = bodyOf(asking({ reasoning: { kind: 'effort', effort } }), model);
        expect(body.outputConfig).toEqual({ effort });
        expect(body).not.toHaveProperty('additionalModelRequestFields');
      }
    },
  );

  it.each([
    [{ kind: 'adaptive', effort: 'max' }, { type: 'adaptive' }],
    [
      { kind: 'budget', tokens: 2048, effort: 'max' },
      { type: 'enabled', budget_tokens: 2048 },
    ],
    [{ kind: 'off', effort: 'max' }, { type: 'disabled' }],
  ] as const)('of Claude by %j is thinking with the effort beside it', (reasoning, thinking) => {
    const { additionalModelRequestFields, outputConfig } = bodyOf(asking({ reasoning }));
    expect([additionalModelRequestFields, outputConfig]).toEqual([{ thinking }, { effort: 'max' }]);
  });

  it('as the model sees fit at an effort is that effort where there is no more to say it by', () => {
    const reasoning = { kind: 'adaptive', effort: 'low' } as const;
    const llama = bodyOf(asking({ reasoning }), LLAMA);
    expect(llama.outputConfig).toEqual({ effort: 'low' });
    expect(llama).not.toHaveProperty('additionalModelRequestFields');
    const nova = bodyOf(asking({ reasoning }), NOVA);
    const reasoningConfig = { type: 'enabled', maxReasoningEffort: 'low' };
    expect(nova.additionalModelRequestFields).toEqual({ reasoningConfig });
    expect(nova).not.toHaveProperty('outputConfig');
  });

  it.each([
    [{ kind: 'off' }, { type: 'disabled' }],
    [{ kind: 'effort', effort: 'none' }, { type: 'disabled' }],
    [
      { kind: 'effort', effort: 'low' },
      { type: 'enabled', maxReasoningEffort: 'low' },
    ],
    [
      { kind: 'effort', effort: 'medium' },
      { type: 'enabled', maxReasoningEffort: 'medium' },
    ],
    [
      { kind: 'effort', effort: 'high' },
      { type: 'enabled', maxReasoningEffort: 'high' },
    ],
  ] as const)('of Nova by %j is %j', (reasoning, reasoningConfig) => {
    const body = bodyOf(asking({ reasoning }), NOVA);
    expect(body.additionalModelRequestFields).toEqual({ reasoningConfig });
    expect(body).not.toHaveProperty('outputConfig');
  });

  it.each([
    [CLAUDE, { kind: 'effort', effort: 'minimal' }],
    [CLAUDE, { kind: 'adaptive', effort: 'minimal' }],
    [LLAMA, { kind: 'budget', tokens: 2048, effort: 'low' }],
    [LLAMA, { kind: 'off', effort: 'low' }],
    [NOVA, { kind: 'budget', tokens: 2048, effort: 'low' }],
    [NOVA, { kind: 'adaptive', effort: 'xhigh' }],
    [LLAMA, { kind: 'effort', effort: 'minimal' }],
    [LLAMA, { kind: 'effort', effort: 'none' }],
    [LLAMA, { kind: 'off' }],
    [LLAMA, { kind: 'adaptive' }],
    [LLAMA, { kind: 'budget', tokens: 2048 }],
    [NOVA, { kind: 'adaptive' }],
    [NOVA, { kind: 'budget', tokens: 2048 }],
    [NOVA, { kind: 'effort', effort: 'minimal' }],
    [NOVA, { kind: 'effort', effort: 'max' }],
  ] as const)('of %s by %j is refused', (model, reasoning) => {
    expect(() => printed(asking({ reasoning }), model)).toThrow(unsupported(/reasoning by/));
  });

  it('of Nova is not passed on as off and with an effort, which its one field cannot say', () => {
    const both = asking({ reasoning: { kind: 'off', effort: 'low' } });
    expect(() => printed(both, NOVA)).toThrow(unsupported(/an effort beside/));
  });
});

describe('an output format', () => {
  const schema = '{"type":"object","properties":{"big":{"const":12345678901234567890}}}';

  it('is a JSON schema, its text untouched', () => {
    const outputFormat = (add: AddPart) =>
      ({
        kind: 'jsonSchema',
        name: add('answer'),
        description: add('what is asked for'),
        schema: add(schema, { kind: 'json' }),
        strict: true,
      }) as const;
    const body = bodyOf((add) => ({
      inference: { outputFormat: outputFormat(add), reasoning: { kind: 'effort', effort: 'low' } },
    }));
    expect(body.outputConfig).toEqual({
      textFormat: {
        type: 'json_schema',
        structure: { jsonSchema: { schema, name: 'answer', description: 'what is asked for' } },
      },
      effort: 'low',
    });
    const bare = bodyOf((add) => ({ inference: { outputFormat: { kind: 'jsonSchema', schema: add(schema) } } }));
    expect(bare.outputConfig.textFormat.structure.jsonSchema).toEqual({ schema });
  });

  it('without a schema is refused', () => {
    expect(() => printed(asking({ outputFormat: { kind: 'json' } }))).toThrow(unsupported(/without a schema/));
  });
});

describe('what steers the sampling', () => {
  it.each([{ frequencyPenalty: 1 }, { presencePenalty: -0.5 }, { seed: 0 }])(
    'is refused where there is no field: %j',
    (inference) => {
      const [name = ''] = Object.keys(inference);
      expect(() => printed(asking(inference))).toThrow(unsupported(new RegExp(`\`${name}\``)));
    },
  );

  it('is refused where it is out of the bounds of Converse', () => {
    expect(() => printed(asking({ temperature: 1.2 }))).toThrow(unsupported(/`temperature`/));
  });

  it('may ask for nothing', () => {
    const body = bodyOf(asking({ frequencyPenalty: 0, presencePenalty: 0, stopSequences: [], choices: 3 }));
    expect(Object.keys(body)).toEqual(['messages', 'requestMetadata']);
  });
});

describe('fields of a model', () => {
  const with_ =
    (raw: string, more: Partial<Conversation>): More =>
    (add) => ({
      additionalFields: add(raw, { kind: 'json' }),
      ...more,
    });
  const budget = { inference: { reasoning: { kind: 'budget', tokens: 1024 } } } as const;

  it('stand beside those that are made of the request, byte for byte', () => {
    const raw = '{ "top_k" : 5, "x": 12345678901234567890 }';
    expect(printed(with_(raw, budget))).toContain(
      '"additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":1024},"top_k" : 5, "x": 12345678901234567890}',
    );
    expect(fieldsOf(with_('{ }', budget))).toEqual({ thinking: { type: 'enabled', budget_tokens: 1024 } });
  });

  it('are refused under the name of one that is made of the request: one of the two would be lost', () => {
    expect(() => printed(with_('{"thinking":{}}', budget))).toThrow(unsupported(/`thinking`/));
    expect(() => printed(with_('{"top_k":1}', { inference: { topK: 2 } }))).toThrow(unsupported(/`top_k`/));
    expect(fieldsOf(with_('{"top_k":1}', budget))).toMatchObject({ top_k: 1 });
  });
});

describe('tools', () => {
  const tool = (add: AddPart, more: Partial<Tool> = {}): Tool => ({
    name: add('look'),
    schema: add('{"type":"object"}', { kind: 'json' }),
    ...more,
  });

  it('are held to their schema where that is asked for', () => {
    const { toolConfig } = bodyOf((add) => ({ tools: [tool(add, { strict: true }), tool(add, { strict: false })] }));
    const spec = { name: 'look', inputSchema: { json: { type: 'object' } } };
    expect(toolConfig.tools).toEqual([{ toolSpec: { ...spec, strict: true } }, { toolSpec: spec }]);
  });

  it('may have cache points behind them', () => {
    const { toolConfig } = bodyOf((add) => ({
      tools: [tool(add, { cachePoint: { kind: 'cachePoint', ttl: '5m' } }), tool(add)],
    }));
    expect(toolConfig.tools.map((each: object) => Object.keys(each)[0])).toEqual([
      'toolSpec',
      'cachePoint',
      'toolSpec',
    ]);
    expect(toolConfig.tools[1]).toEqual({ cachePoint: { type: 'default', ttl: '5m' } });
  });

  it('of the provider go by their names', () => {
    const more: More = (add) => ({ providerTools: [add('nova_grounding')], toolChoice: { kind: 'any' } });
    expect(bodyOf(more, NOVA).toolConfig).toEqual({
      tools: [{ systemTool: { name: 'nova_grounding' } }],
      toolChoice: { any: {} },
    });
  });

  it.each([
    [undefined, { type: 'auto' }],
    [{ kind: 'auto' }, { type: 'auto' }],
    [{ kind: 'any' }, { type: 'any' }],
    ['tool', { type: 'tool', name: 'look' }],
  ] as const)('are called one at a time by Claude, with the choice %j in its own field alone', (choice, expected) => {
    const body = bodyOf((add) => ({
      tools: [tool(add)],
      parallelToolCalls: false,
      ...(choice === undefined ? {} : { toolChoice: choice === 'tool' ? { kind: 'tool', name: add('look') } : choice }),
    }));
    expect(body.additionalModelRequestFields).toEqual({
      tool_choice: { ...expected, disable_parallel_tool_use: true },
    });
    expect(body.toolConfig).not.toHaveProperty('toolChoice');
  });

  it('cannot be called one at a time by others, which is refused where there are any', () => {
    for (const model of [NOVA, LLAMA]) {
      const refused = () => printed((add) => ({ tools: [tool(add)], parallelToolCalls: false }), model);
      expect(refused).toThrow(unsupported(/`parallelToolCalls`/));
      expect(fieldsOf(() => ({ parallelToolCalls: false }), model)).toBeUndefined();
      expect(fieldsOf((add) => ({ tools: [tool(add)], parallelToolCalls: true }), model)).toBeUndefined();
    }
    const none = bodyOf((add) => ({ tools: [tool(add)], parallelToolCalls: false, toolChoice: { kind: 'none' } }));
    expect(none).not.toHaveProperty('additionalModelRequestFields');
  });
});

describe('what is counted of a conversation', () => {
  const counted = (more: More) => printed(more, CLAUDE, countedConversationText);

  it('is all that adds tokens, and not what steers the sampling', () => {
    const body = JSON.parse(
      counted((add) => ({
        system: [{ kind: 'text', text: add('be brief') }],
        inference: { maxTokens: 5, temperature: 1, topK: 3, reasoning: { kind: 'budget', tokens: 1024 } },
      })),
    );
    expect(body).toEqual({
      messages: [{ role: 'user', content: [{ text: 'hello' }] }],
      system: [{ text: 'be brief' }],
      additionalModelRequestFields: { top_k: 3, thinking: { type: 'enabled', budget_tokens: 1024 } },
    });
    expect(modelFaults('ConverseTokensRequest', body)).toEqual([]);
  });

  it('cannot have an output format or metadata: the count would be of something else', () => {
    const format: More = (add) => ({ inference: { outputFormat: { kind: 'jsonSchema', schema: add('{}') } } });
    expect(() => counted(format)).toThrow(unsupported(/`outputFormat`/));
    expect(() => counted((add) => ({ metadata: [{ key: add('a'), value: add('b') }] }))).toThrow(
      unsupported(/metadata/),
    );
  });
});
