import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { background } from './background.data.ts';
import { createTopicClassifier } from './topic.ts';

const investment = createTopicClassifier({
  name: 'Investment advice',
  definition: 'Recommendations on how to invest money, such as which stocks, funds or bonds to buy or sell.',
  examples: [
    'Which stocks should I buy?',
    'Is it better to invest in bonds or in funds?',
    'How should I invest my savings for retirement?',
  ],
});

describe('a topic by definition and examples', () => {
  it('scores 1 for an example, and 0 for what shares no word with it', () => {
    expect(investment.score('Which stocks should I buy?')).toBeCloseTo(1);
    expect(investment.score('The cat sleeps.')).toBe(0);
    expect(investment.score('')).toBe(0);
  });

  it.each([
    'Tell me which stocks I should be buying this month.',
    'I have savings of 10,000 euros. How would you invest them?',
    'Are index funds a better investment than bonds?',
    'WHICH STO\u200bCKS SHOULD I BUY',
    'Whіch stосks shоuld I buу?',
    'The weather is fine today.\nMy dog is asleep. So, which stocks should I sell and which should I buy? Greetings, Ann',
  ])('finds %j', (text) => {
    expect(investment.score(text)).toBeGreaterThanOrEqual(0.5);
  });

  it.each([
    'How do I open a savings account?',
    'My card payment was declined.',
    'Is the green jacket in stock again?',
    'What is the exchange rate today?',
  ])('does not find %j', (text) => {
    expect(investment.score(text)).toBeLessThan(0.5);
  });

  it('knows no other words for the same: it misses what shares none', () => {
    expect(investment.score('Where do I put my cash so that it grows?')).toBeLessThan(0.5);
  });

  it('finds a name in a definition without examples, and nothing of a topic without words', () => {
    const { score } = createTopicClassifier({ name: 'Globex', definition: 'Anything about Globex.', examples: [] });
    expect(score('Is it cheaper at Globex?')).toBeGreaterThanOrEqual(0.5);
    expect(createTopicClassifier({ name: '', definition: '', examples: [] }).score('Anything at all')).toBe(0);
  });

  it('stays away from what people ask all the time', () => {
    expect(background.filter((text) => investment.score(text) >= 0.5)).toEqual([]);
  });
});

// Public data that is measured on and never shipped; where it is not at hand, this is skipped.
const questions = resolve(import.meta.dirname, '../../../../shared/data/eval/prompt-attack.jsonl');

it.skipIf(!existsSync(questions))('finds investment advice in few questions to a bank', () => {
  const row = z.object({ text: z.string(), source: z.string() });
  const texts = readFileSync(questions, 'utf8')
    .trim()
    .split('\n')
    .map((line) => row.parse(JSON.parse(line)))
    .filter(({ source }) => source.includes('banking77'));
  expect(texts.length).toBeGreaterThan(500);
  expect(texts.filter(({ text }) => investment.score(text) >= 0.5).length / texts.length).toBeLessThan(0.01);
});
