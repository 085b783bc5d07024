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
import { faultsOf, hasSchemas, resolve, type Schema } from './schemas.suite.ts';

describe.skipIf(!hasSchemas)("OpenAI's own schemas", () => {
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
      ['responses', 'CreateResponse'],
      ['embeddings', 'CreateEmbeddingRequest'],
    ] as const) {
      const fields = fieldsOf({ $ref: `#/${name}` });
      expect(fields.length).toBeGreaterThan(4);
      const unknown = fields.filter((field) => {
        const body = { model: 'm', messages: [{ role: 'user', content: 'x' }], input: 'x', [field]: null };
        const { messages: _, ...inputs } = body;
        const { input: __, ...chat } = body;
        return messageOf(operation, operation === 'chat.completions' ? chat : inputs).includes('does not know');
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
