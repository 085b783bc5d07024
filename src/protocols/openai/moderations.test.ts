import { describe, expect, it } from 'vitest';
import { createRequestId, type Route } from '../../core/index.ts';
import { codeOf } from '../protocol.suite.ts';
import { openaiProtocol } from './protocol.ts';

const ID = createRequestId(1_764_000_000_000, new Uint8Array(10));

function read(body: unknown) {
  const route = openaiProtocol.match('POST', '/openai/v1/moderations');
  expect(route).toEqual({ kind: 'assess', operation: 'moderations' });
  const assessed = openaiProtocol.readAssessment(
    route as Extract<Route, { kind: 'assess' }>,
    Buffer.from(JSON.stringify(body)),
    () => undefined,
  );
  if (assessed.kind !== 'moderation') throw new Error('no moderation');
  return assessed;
}

describe('moderations', () => {
  it.each([
    ['x', ['x'], ['/input']],
    [
      ['x', 'y'],
      ['x', 'y'],
      ['/input/0', '/input/1'],
    ],
    [
      [
        { type: 'text', text: 'x' },
        { type: 'text', text: 'y' },
      ],
      ['x\ny'],
      ['/input/0', '/input/1'],
    ],
  ])('judge of %j', (input, inputs, paths) => {
    const { call, parts } = read({ input });
    expect(call.inputs).toEqual(inputs);
    expect(parts.map(({ path }) => path)).toEqual(paths);
  });

  it.each([
    [{}, 'invalidRequest'],
    [{ input: [] }, 'invalidRequest'],
    [{ input: 1 }, 'invalidRequest'],
    [{ input: 'x', more: 1 }, 'invalidRequest'],
    [{ input: [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }] }, 'unsupported'],
    [{ input: [{ type: 'text', text: 'x' }, { type: 'image_url' }] }, 'unsupported'],
  ])('are refused with %j', (body, code) => {
    expect(codeOf(() => read(body))).toBe(code);
  });

  it('tell every category, flag what reaches the point of decision, and name the model that was asked', () => {
    const scores = { VIOLENCE: 0.6, HATE: 0.7, SEXUAL: 0.1, MISCONDUCT: 0, INSULTS: 0.2 };
    const none = { VIOLENCE: 0, HATE: 0, SEXUAL: 0, MISCONDUCT: 0, INSULTS: 0 };
    const reply = read({ input: 'x', model: 'omni-moderation-2024-09-26' }).write([scores, none], ID);
    const body = JSON.parse(Buffer.from(reply.body).toString());
    expect(body).toMatchObject({ id: expect.stringMatching(/^modr-[0-9a-f]+$/), model: 'omni-moderation-2024-09-26' });
    const [first, second] = body.results;
    expect(first).toMatchObject({
      flagged: true,
      categories: { hate: true, 'hate/threatening': true, harassment: false, 'self-harm': false },
      category_scores: { hate: 0.7, 'hate/threatening': 0.6, 'harassment/threatening': 0.2, 'illicit/violent': 0 },
    });
    expect(Object.keys(first.categories)).toHaveLength(13);
    expect(second.flagged).toBe(false);
    expect(JSON.parse(Buffer.from(read({ input: 'x' }).write([], ID).body).toString()).model).toBe(
      'omni-moderation-latest',
    );
  });

  it('are no operation of a protocol that has none', () => {
    const route = { kind: 'assess', operation: 'other' } as const;
    expect(codeOf(() => openaiProtocol.readAssessment(route, Buffer.from('{}'), () => undefined))).toBe(
      'invalidRequest',
    );
  });
});
