import { describe, expect, it } from 'vitest';
import { scoreRelevance } from './relevance.ts';

const query = 'How many days of paid leave do new employees get?';

describe('relevance', () => {
  it('is 1 where the answer has all that is asked about, and where nothing is', () => {
    expect(scoreRelevance({ query, answer: 'New employees get many days of leave, all of them paid.' })).toBe(1);
    expect(scoreRelevance({ query: 'And why?', answer: 'Because of the rain.' })).toBe(1);
  });

  it('grows with the share of what is asked about', () => {
    const answers = [
      'It depends on you alone, as I said before.',
      'Leave is given.',
      'Employees get leave.',
      'New employees get leave.',
    ];
    const scores = answers.map((answer) => scoreRelevance({ query, answer }));
    expect(scores[0]).toBe(0);
    expect(scores).toEqual([...scores].sort((one, other) => one - other));
    expect(new Set(scores).size).toBe(scores.length);
  });

  it.each([
    [query, '25.'],
    ['Who wrote the report?', 'Maria Olsen.'],
    ['What is the capital of Australia?', 'Canberra'],
    ['Is the museum open on Mondays?', 'No, not then.'],
  ])('of a short answer of the kind that %j asks for is above one half', (asked, answer) => {
    expect(scoreRelevance({ query: asked, answer })).toBeGreaterThan(0.5);
  });

  it.each([
    [query, 'Boil the pasta.'],
    ['What is the capital of Australia?', 'Boil the pasta for eight minutes.'],
    ['Is the museum open on Mondays?', 'Basil needs light.'],
  ])('of an answer to something else is 0', (asked, answer) => {
    expect(scoreRelevance({ query: asked, answer })).toBe(0);
  });
});
