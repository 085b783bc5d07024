import { describe, expect, it } from 'vitest';
import { type AnswerEvent, createRequestId, parseModelId, toAnswer } from '../../core/index.ts';
import { bedrockProtocol } from '../../protocols/index.ts';
import { promptTokens, toConverseResponse } from './converse-response.ts';

const usage = { inputTokens: 5, outputTokens: 3, cacheReadInputTokens: 7, cacheWriteInputTokens: 1 };
const events: readonly AnswerEvent[] = [
  { kind: 'start' },
  { kind: 'blockStart', index: 0, block: { kind: 'reasoning' } },
  { kind: 'delta', index: 0, text: 'Hm.' },
  { kind: 'blockStart', index: 1, block: { kind: 'text' } },
  { kind: 'delta', index: 1, text: 'Let me ' },
  { kind: 'delta', index: 1, text: 'see.' },
  { kind: 'blockStart', index: 2, block: { kind: 'toolUse', id: 't1', name: 'lookup' } },
  { kind: 'delta', index: 2, text: '{"id":7}' },
  { kind: 'stop', reason: 'toolUse' },
  { kind: 'usage', usage },
];

/** What the protocol itself writes. */
function written(reason: 'toolUse' | 'guardrail') {
  const body = Buffer.from(JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'x' }] }] }));
  const { createReply } = bedrockProtocol.read(
    { kind: 'invoke', operation: 'Converse', model: 'm' },
    body,
    () => undefined,
  );
  const meta = { requestId: createRequestId(0, new Uint8Array(10)), createdAt: 0, model: parseModelId('m') };
  const reply = createReply(meta).whole({ ...toAnswer(events), stop: reason }, 1);
  const { metrics: _, ...rest } = JSON.parse(Buffer.from(reply.body).toString());
  return rest;
}

describe('the Converse response of events', () => {
  it.each(['toolUse', 'guardrail'] as const)(
    'is what the protocol answers, but for the counts of the cache: %s',
    (stop) => {
      const { usage: told, ...rest } = written(stop);
      const { inputTokens, outputTokens, totalTokens } = told;
      expect(toConverseResponse(events, { stop, usage })).toEqual({
        ...rest,
        usage: { inputTokens, outputTokens, totalTokens },
      });
    },
  );

  it('says neither how it ended nor what it took where the record does not', () => {
    const content = [{ text: 'Yes.' }];
    const begun: AnswerEvent[] = [
      { kind: 'blockStart', index: 0, block: { kind: 'text' } },
      { kind: 'delta', index: 0, text: 'Yes.' },
    ];
    expect(toConverseResponse(begun, {})).toEqual({ output: { message: { role: 'assistant', content } } });
  });

  it('is the vectors of embeddings', () => {
    const vectors: AnswerEvent[] = [
      { kind: 'embedding', index: 1, vector: [0.5] },
      { kind: 'embedding', index: 0, vector: [0.25] },
    ];
    expect(toConverseResponse(vectors, { stop: 'endTurn', usage })).toEqual({ embeddings: [[0.25], [0.5]] });
  });

  it('is of the first choice', () => {
    const other: AnswerEvent[] = [{ kind: 'choice', choice: 1 }, ...events];
    expect(toConverseResponse([...events, ...other], { stop: 'toolUse', usage })).toEqual(
      toConverseResponse(events, { stop: 'toolUse', usage }),
    );
  });
});

describe('the tokens of a prompt', () => {
  it('take in those from and to a cache', () => {
    expect(promptTokens(usage)).toBe(13);
    expect(promptTokens({ inputTokens: 5, outputTokens: 3 })).toBe(5);
  });
});
