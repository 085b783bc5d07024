import { describe, expect, it } from 'vitest';
import { type Exchange, inspect } from '../core/index.ts';
import { detectors } from '../detectors/index.ts';
import { detectStage } from './detect-stage.ts';
import { ATTACK, CARD, EMAIL, exchangeOf, part, policyOf } from './exchange.suite.ts';
import { guardInputStage } from './guard-input-stage.ts';

const all = Object.values(detectors);
describe('the guard stage', () => {
  const decide = (exchange: Exchange, policy = policyOf()) =>
    inspect([detectStage(all, policy), guardInputStage(policy)], exchange);

  it('passes what the policy masks or allows', async () => {
    const exchange = exchangeOf(
      part(`${EMAIL} ${CARD}`),
      part(`{"a":1,"${EMAIL}":["${CARD}\\n","${EMAIL}"]}`, { kind: 'json' }),
      part('[1,2]', { kind: 'json' }),
      part('lookup', { kind: 'identifier' }),
    );
    expect(await decide(exchange)).toMatchObject({ kind: 'allow', stages: [{}, { decision: 'pass' }] });
    expect((await decide(exchangeOf(part(ATTACK)), policyOf({ PROMPT_ATTACK: 'allow' }))).kind).toBe('allow');
    const allowed = policyOf({ EMAIL: 'allow' });
    expect((await decide(exchangeOf(part(EMAIL, { kind: 'identifier' })), allowed)).kind).toBe('allow');
  });

  it('blocks the types the policy blocks, wherever they are, and names each once', async () => {
    const policy = policyOf({ EMAIL: 'block' });
    const decision = await decide(exchangeOf(part(`${EMAIL} ${EMAIL} ${CARD}`), part(ATTACK)), policy);
    expect(decision).toMatchObject({
      kind: 'deny',
      blocked: { types: ['EMAIL', 'PROMPT_ATTACK'], message: 'in' },
    });
    expect((await decide(exchangeOf(part(`{"a":"${EMAIL}"}`, { kind: 'json' })), policy)).kind).toBe('deny');
    expect((await decide(exchangeOf(part(EMAIL, { kind: 'identifier' })), policy)).kind).toBe('deny');
  });

  it.each([
    ['an identifier', EMAIL, 'identifier', 'EMAIL'],
    ['a JSON number', `{"a":"b","card":${CARD}}`, 'json', 'CREDIT_DEBIT_CARD_NUMBER'],
    ['a JSON number between strings', `["a",${CARD},"b"]`, 'json', 'CREDIT_DEBIT_CARD_NUMBER'],
    ['JSON that is one number', CARD, 'json', 'CREDIT_DEBIT_CARD_NUMBER'],
  ] as const)('blocks what would have to be masked in %s', async (_name, text, kind, type) => {
    expect(await decide(exchangeOf(part('a'), part(text, { kind })))).toMatchObject({
      kind: 'deny',
      blocked: { types: [type], message: 'in' },
    });
  });

  it('blocks a finding in a part that is not there', async () => {
    const policy = policyOf();
    const { findings } = (await inspect([detectStage(all, policy)], exchangeOf(part(EMAIL)))).exchange;
    const decision = await inspect([guardInputStage(policy)], { ...exchangeOf(), findings });
    expect(decision.kind).toBe('deny');
  });
});
