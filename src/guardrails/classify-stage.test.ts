import { describe, expect, it } from 'vitest';
import { type Exchange, inspect, type Part, toContentPolicy } from '../core/index.ts';
import { classifyStage } from './classify-stage.ts';
import { conversationOf, exchangeOf, part } from './exchange.suite.ts';
import { guardInputStage } from './guard-input-stage.ts';
import { guardrailOf, scripted } from './guardrail.suite.ts';
import { toLayeredPolicy } from './policy/layered-policy.ts';
import { quarantineStage } from './quarantine-stage.ts';

const guardrail = guardrailOf({
  contentPolicyConfig: {
    filtersConfig: [
      { type: 'HATE', inputStrength: 'MEDIUM', outputStrength: 'MEDIUM' },
      { type: 'PROMPT_ATTACK', inputStrength: 'MEDIUM', outputStrength: 'NONE' },
    ],
  },
  topicPolicyConfig: { topicsConfig: [{ name: 'tax', definition: 'tax', type: 'DENY' }] },
});
const nothing = toContentPolicy({ input: {}, output: {}, blockedInputMessage: 'in', blockedOutputMessage: 'out' });
const policy = toLayeredPolicy(nothing, [guardrail]);
const stages = [classifyStage([guardrail], scripted), guardInputStage(policy), quarantineStage(policy)];

async function findingsOf(...parts: readonly Part[]) {
  const { exchange } = await inspect([classifyStage([guardrail], scripted)], exchangeOf(...parts));
  return exchange.findings;
}

const decide = (exchange: Exchange) => inspect(stages, exchange);
const textsOf = ({ parts }: Exchange) => parts.map(({ text }) => text);

describe('the classify stage', () => {
  it('adds what classifiers find in the windows of each part, with how sure they are', async () => {
    const found = await findingsOf(part('Fine. hate6 it is. tax7'), part('injection9', { origin: 'toolResult' }));
    expect(found).toEqual([
      { type: 'HATE', detector: 'contentClassifier', score: 0.6, start: 5, end: 18, part: 0 },
      { type: 'HATE', detector: 'contentClassifier', score: 0.6, start: 18, end: 23, part: 0 },
      { type: 'TOPIC', detector: 'one:1:topic:tax', score: 0.7, start: 18, end: 23, part: 0 },
      { type: 'PROMPT_ATTACK', detector: 'attackClassifier', score: 0.9, start: 0, end: 10, part: 1 },
    ]);
  });

  it('reads no system prompt, and in what tools are for only for attacks', async () => {
    expect(
      await findingsOf(
        part('hate9 injection9', { origin: 'system' }),
        part('hate9', { origin: 'metadata' }),
        part('hate9', { kind: 'identifier' }),
      ),
    ).toEqual([]);
    const [found, ...more] = await findingsOf(part('hate9 tax9 injection9', { origin: 'toolDefinition' }));
    expect([found?.type, more]).toEqual(['PROMPT_ATTACK', []]);
  });

  it('passes where there is nothing to look for', async () => {
    const words = guardrailOf({ wordPolicyConfig: { wordsConfig: [{ text: 'x' }] } });
    const { stages: said } = await inspect([classifyStage([words], scripted)], exchangeOf(part('hate9')));
    expect(said).toEqual([{ stage: 'classify', decision: 'pass' }]);
    expect((await decide(exchangeOf(part('fine')))).stages[0]).toEqual({ stage: 'classify', decision: 'pass' });
  });

  it('gives way to other work in a long request, and stops where its time is over', async () => {
    const long = `${'fine. '.repeat(20_000)}hate9`;
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    });
    expect(await findingsOf(part(long))).not.toEqual([]);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
    const late = { ...classifyStage([guardrail], scripted), timeoutMs: 0 };
    expect(await inspect([late], exchangeOf(part(long)))).toMatchObject({
      kind: 'fault',
      error: { code: 'inspectionFailed' },
    });
    const aborted = AbortSignal.abort();
    await expect(late.run(exchangeOf(part(long)), aborted, [])).rejects.toMatchObject({ code: 'inspectionFailed' });
  });
});

it('a guardrail of attacks alone asks for no content', async () => {
  const attack = guardrailOf({
    contentPolicyConfig: { filtersConfig: [{ type: 'PROMPT_ATTACK', inputStrength: 'LOW', outputStrength: 'NONE' }] },
  });
  const { exchange } = await inspect([classifyStage([attack], scripted)], exchangeOf(part('hate9 leakage9')));
  expect(exchange.findings.map(({ type }) => type)).toEqual(['PROMPT_ATTACK']);
});

describe('what is blocked in a conversation', () => {
  it('blocks where it was said last, and was replaced where it was said before', async () => {
    const last = await decide(conversationOf(['be kind'], ['hello'], ['hi'], ['hate9']));
    expect(last).toMatchObject({ kind: 'deny', blocked: { types: ['HATE'], message: 'Not asked.' } });
    const old = await decide(conversationOf(['be kind'], ['hate9'], ['hate8'], ['now what?']));
    expect(old.kind).toBe('allow');
    const [system, ...turns] = textsOf(old.exchange);
    expect(system).toBe('be kind');
    expect(turns).toEqual([
      '[This content was removed by a content policy.]',
      '[This content was removed by a content policy.]',
      'now what?',
    ]);
    expect(old.exchange.parts[1]).toMatchObject({ isQuarantined: true, edits: [{ start: 0, end: 5, length: 47 }] });
  });

  it('blocks an answer that the model is to go on with', async () => {
    expect((await decide(conversationOf([], ['hello'], ['hate9']))).kind).toBe('deny');
  });

  it('is replaced in documents and results of tools wherever they stand, as JSON where it was JSON', async () => {
    const { request } = conversationOf([], ['read this']);
    const parts = [
      part('read this'),
      part('hate9', { origin: 'document' }),
      part('{"a":"hate9"}', { origin: 'toolResult', kind: 'json' }),
      part('hate9', { origin: 'toolResult' }),
    ];
    const { kind, exchange } = await decide({ ...exchangeOf(...parts), request });
    expect(kind).toBe('allow');
    expect(textsOf(exchange).slice(1)).toEqual([
      '[This content was removed by a content policy.]',
      '{"notice":"[This content was removed by a content policy.]"}',
      '[This content was removed by a content policy.]',
    ]);
    const counted = { ...exchangeOf(...parts), request: { kind: 'tokenCount' as const, of: request as never } };
    expect((await decide(counted)).kind).toBe('allow');
    const old = conversationOf([], ['hate9'], ['no'], ['and now?']);
    const toCount = { ...old, request: { kind: 'tokenCount' as const, of: old.request as never } };
    expect((await decide(toCount)).exchange.parts[0]?.isQuarantined).toBe(true);
  });

  it('is replaced once, whatever is found in it, and knows a call of a tool for no text', async () => {
    const { request } = conversationOf([], ['go on']);
    if (request.kind !== 'conversation') throw new Error('no conversation');
    const [turn] = request.messages;
    const call = { kind: 'toolUse', id: 0, name: 0, arguments: 0 } as never;
    const withCall = { ...request, messages: [{ role: 'user' as const, content: [...(turn?.content ?? []), call] }] };
    const parts = [part('go on'), part('hate9 tax9. hate8.', { origin: 'document' })];
    const { kind, exchange } = await decide({ ...exchangeOf(...parts), request: withCall });
    expect([kind, exchange.parts[1]?.isQuarantined]).toEqual(['allow', true]);
    const said = await decide({ ...exchangeOf(part('hate9')), request: withCall });
    expect(said.kind).toBe('deny');
  });

  it.each([
    ['the arguments of a call', part('{"a":"hate9"}', { origin: 'toolCall', kind: 'json' })],
    ['a definition of a tool', part('injection9', { origin: 'toolDefinition' })],
    ['a text to be embedded', part('hate9')],
    ['sealed reasoning', part('hate9', { origin: 'assistant', kind: 'sealed' })],
    ['JSON of a document', part('"hate9"', { origin: 'document', kind: 'json' })],
  ])('blocks in %s', async (_, one) => {
    expect((await decide(exchangeOf(one))).kind).toBe('deny');
  });

  it('blocks where a finding is in a part that is not there', async () => {
    const lost = {
      type: 'HATE',
      detector: 'contentClassifier',
      score: 0.9,
      start: 0,
      end: 1,
      part: 7 as never,
    } as const;
    const exchange = { ...exchangeOf(part('x')), findings: [lost] };
    expect((await inspect([guardInputStage(policy), quarantineStage(policy)], exchange)).kind).toBe('deny');
    expect((await inspect([quarantineStage(policy)], exchange)).kind).toBe('allow');
  });
});
