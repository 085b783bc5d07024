import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type AnswerEvent,
  type FaultCode,
  faults,
  GatewayError,
  parseModelId,
  type ReplyWriter,
  type StopReason,
  toAnswer,
} from '../../core/index.ts';
import { codeOf } from '../protocol.suite.ts';
import { createdAt, requestId } from '../served.suite.ts';
import { openaiProtocol } from './protocol.ts';

const file = join(import.meta.dirname, '../../../../shared/vectors/openai/schemas.json');

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

describe.skipIf(!existsSync(file))("OpenAI's own schemas", () => {
  const schemas: Readonly<Record<string, Schema>> = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8')).components.schemas
    : {};
  const resolve = (schema: Schema): Schema =>
    schema.$ref === undefined ? schema : resolve(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? { enum: [] });

  /** What is wrong with a value, as paths; empty where it conforms. */
  function faultsOf(given: Schema, value: unknown, path = ''): readonly string[] {
    const schema = resolve(given);
    const found = [...(schema.allOf ?? []).flatMap((each) => faultsOf(each, value, path))];
    const options = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
    if (options.length > 0 && !options.some((option) => faultsOf(option, value, path).length === 0)) {
      found.push(`${path}: none of the forms`);
    }
    if (schema.enum !== undefined && !schema.enum.includes(value)) found.push(`${path}: not of the values`);
    if (schema.type !== undefined && ![schema.type].flat().some((type) => isOfType(value, type))) {
      found.push(`${path}: not of type ${schema.type}`);
    }
    if (typeof value === 'number' && (value < (schema.minimum ?? value) || value > (schema.maximum ?? value))) {
      found.push(`${path}: out of range`);
    }
    if (Array.isArray(value)) {
      if (value.length < (schema.minItems ?? 0)) found.push(`${path}: too few`);
      const { items } = schema;
      if (items) found.push(...value.flatMap((item, index) => faultsOf(items, item, `${path}/${index}`)));
    } else if (typeof value === 'object' && value !== null) {
      found.push(...memberFaults(schema, Object(value), path));
    }
    return found;
  }

  function memberFaults(schema: Schema, value: Readonly<Record<string, unknown>>, path: string): readonly string[] {
    const missing = (schema.required ?? []).filter((name) => !Object.hasOwn(value, name));
    return [
      ...missing.map((name) => `${path}/${name}: missing`),
      ...Object.entries(value).flatMap(([name, member]) => {
        const known = schema.properties?.[name];
        if (known !== undefined) return faultsOf(known, member, `${path}/${name}`);
        const rest = schema.additionalProperties;
        if (rest === false) return [`${path}/${name}: unknown`];
        return typeof rest === 'object' ? faultsOf(rest, member, `${path}/${name}`) : [];
      }),
    ];
  }

  const check = (name: string, value: unknown) => expect(faultsOf({ $ref: `#/${name}` }, value)).toEqual([]);

  it('tell a wrong reply from a right one', () => {
    const right = { id: 'm', object: 'model', created: 1, owned_by: 'x' };
    check('Model', right);
    for (const wrong of [{ ...right, created: 'x' }, { ...right, object: 'y' }, { id: 'm' }]) {
      expect(faultsOf({ $ref: '#/Model' }, wrong)).not.toEqual([]);
    }
    expect(faultsOf({ $ref: '#/Absent' }, right)).not.toEqual([]);
  });

  it('have no request field that is taken for unknown', () => {
    for (const [operation, name] of [
      ['chat.completions', 'CreateChatCompletionRequest'],
      ['embeddings', 'CreateEmbeddingRequest'],
    ] as const) {
      const fields = fieldsOf({ $ref: `#/${name}` });
      expect(fields.length).toBeGreaterThan(4);
      const unknown = fields.filter((field) => {
        const body = { model: 'm', messages: [{ role: 'user', content: 'x' }], input: 'x', [field]: null };
        const { messages: _, ...embedding } = body;
        const { input: __, ...chat } = body;
        return messageOf(operation, operation === 'embeddings' ? embedding : chat).includes('does not know');
      });
      expect(unknown).toEqual([]);
    }
  });

  const fieldsOf = (given: Schema): readonly string[] => {
    const schema = resolve(given);
    return [...new Set([...Object.keys(schema.properties ?? {}), ...(schema.allOf ?? []).flatMap(fieldsOf)])];
  };

  it.each(['endTurn', 'maxTokens', 'toolUse', 'guardrail'] as const)(
    'hold for completions that stopped for %s',
    (stop) => {
      for (const events of [answerOf(stop, []), answerOf(stop, ['a']), answerOf(stop, ['a', '{"b":1}', ''])]) {
        check('CreateChatCompletionResponse', json(chat().whole(toAnswer(events), 1).body));
        const writer = chat();
        const frames = `${text(writer.events(events, 1))}${text(writer.end(1))}`.split('\n\n').slice(0, -2);
        expect(frames.length).toBeGreaterThan(1);
        for (const frame of frames)
          check('CreateChatCompletionStreamResponse', JSON.parse(frame.slice('data: '.length)));
      }
    },
  );

  it('hold for blocked requests, models, embeddings and errors', () => {
    check('CreateChatCompletionResponse', json(chat().blocked({ types: [], message: 'no' }, 1).body));
    check('ListModelsResponse', json(openaiProtocol.models([parseModelId('a'), parseModelId('b')], createdAt).body));
    check('Model', json(openaiProtocol.model(parseModelId('a'), createdAt).body));
    const vectors: readonly AnswerEvent[] = [{ kind: 'embedding', index: 0, vector: [0.5, 1] }];
    check('CreateEmbeddingResponse', json(embeddings().whole(toAnswer(vectors), 1).body));
    for (const code of Object.keys(faults) as FaultCode[]) {
      check('ErrorResponse', json(openaiProtocol.fault(new GatewayError(code), requestId).body));
      check('ErrorResponse', JSON.parse(text(chat().fault(new GatewayError(code))).slice('data: '.length)));
    }
  });
});

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'null':
      return value === null;
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}

/** An answer of texts, those that begin with a brace as the arguments of tool calls. */
function answerOf(reason: StopReason, texts: readonly string[]): readonly AnswerEvent[] {
  return [
    { kind: 'start' },
    ...texts.flatMap((each, index): readonly AnswerEvent[] => [
      {
        kind: 'blockStart',
        index,
        block: each.startsWith('{') ? { kind: 'toolUse', id: `c${index}`, name: 'f' } : { kind: 'text' },
      },
      { kind: 'delta', index, text: each },
      { kind: 'blockStop', index },
    ]),
    { kind: 'stop', reason },
    { kind: 'usage', usage: { inputTokens: 1, outputTokens: 2, cacheReadInputTokens: 3, cacheWriteInputTokens: 4 } },
  ];
}

const read = (operation: string, body: object) =>
  openaiProtocol.read({ kind: 'invoke', operation }, Buffer.from(JSON.stringify(body)), () => undefined);

const chat = (): ReplyWriter =>
  read('chat.completions', {
    model: 'm',
    messages: [{ role: 'user', content: 'x' }],
    stream: true,
    stream_options: { include_usage: true },
  }).createReply({ requestId, createdAt, model: parseModelId('m') });

const embeddings = (): ReplyWriter =>
  read('embeddings', { model: 'm', input: 'x' }).createReply({ requestId, createdAt, model: parseModelId('m') });

function messageOf(operation: string, body: object): string {
  try {
    read(operation, body);
    return '';
  } catch (error) {
    expect(codeOf(() => read(operation, body))).toBeDefined();
    return String(error);
  }
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const json = (bytes: Uint8Array): unknown => JSON.parse(text(bytes));
