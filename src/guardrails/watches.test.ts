import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnswerEvent, type Part, toContentPolicy } from '../core/index.ts';
import { maskText } from '../deidentify/index.ts';
import { detectors as detectorTable, type StreamScanner } from '../detectors/index.ts';
import { part } from './exchange.suite.ts';
import { guardrailOf, scripted } from './guardrail.suite.ts';
import { createJointScanner } from './joint-scanner.ts';
import { createOutputGuards } from './output-guard.ts';
import type { Guardrail } from './policy/guardrail.ts';
import { toLayeredPolicy } from './policy/layered-policy.ts';
import { toWatches } from './watches.ts';

const base = toContentPolicy({
  input: {},
  output: { EMAIL: 'mask' },
  blockedInputMessage: 'in',
  blockedOutputMessage: 'out',
});
const filtered = guardrailOf({
  contentPolicyConfig: { filtersConfig: [{ type: 'HATE', inputStrength: 'MEDIUM', outputStrength: 'MEDIUM' }] },
  topicPolicyConfig: { topicsConfig: [{ name: 'tax', definition: 'tax', type: 'DENY', outputAction: 'NONE' }] },
});
const grounded = guardrailOf({
  contextualGroundingPolicyConfig: {
    filtersConfig: [
      { type: 'GROUNDING', threshold: 0.7 },
      { type: 'RELEVANCE', threshold: 0.5, action: 'NONE' },
    ],
  },
});

function watchesOf(guardrails: readonly Guardrail[], parts: readonly Part[] = []): readonly StreamScanner[] {
  const { output } = toLayeredPolicy(base, guardrails);
  return toWatches({ guardrails, classifiers: scripted, policy: output })({ parts });
}

/** What of an answer, given in these pieces, leaves with each. */
function answer(guardrails: readonly Guardrail[], pieces: readonly string[], parts: readonly Part[] = []) {
  const policy = toLayeredPolicy(base, guardrails);
  const detectors = Object.values(detectorTable);
  const guard = createOutputGuards({ detectors, policy, mask: maskText })(undefined, watchesOf(guardrails, parts));
  const textOf = (events: readonly AnswerEvent[]) =>
    events.map((one) => (one.kind === 'delta' ? one.text : '')).join('');
  const start: readonly AnswerEvent[] = [{ kind: 'start' }, { kind: 'blockStart', index: 0, block: { kind: 'text' } }];
  const released = [textOf(guard.push(start).events)];
  let blocked: readonly string[] | undefined;
  for (const text of pieces) {
    const given = guard.push([{ kind: 'delta', index: 0, text }]);
    released.push(textOf(given.events));
    blocked ??= given.blocked?.types;
  }
  const stop = guard.push([
    { kind: 'blockStop', index: 0 },
    { kind: 'stop', reason: 'endTurn' },
    { kind: 'usage', usage: { inputTokens: 1, outputTokens: 1 } },
  ]);
  released.push(textOf(stop.events));
  return { released, text: released.join(''), blocked: blocked ?? stop.blocked?.types };
}

describe('an answer under content filters', () => {
  it('leaves sentence by sentence, once each was read', () => {
    const { released, blocked } = answer([filtered], ['One ', 'two. Thr', 'ee. tax9 f', 'our']);
    expect(released).toEqual(['', '', 'One two.', ' Three.', '', ' tax9 four']);
    expect(blocked).toBeUndefined();
  });

  it('ends before the sentence that is blocked, with what was before it masked', () => {
    const { text, blocked } = answer([filtered], ['To a@example.com. ', 'I hate9 it. More.']);
    expect(text).toBe('To {EMAIL}.');
    expect(blocked).toEqual(['HATE']);
    expect(answer([filtered], ['hate9']).text).toBe('Not said.');
  });

  it('decides the same in any division', () => {
    const piece = fc.constantFrom('fine. ', 'hate9', ' a@example.com', '. ', 'x', 'hate', '9', 'tax8.');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), fc.array(fc.nat(), { maxLength: 6 }), (pieces, cuts) => {
        const whole = pieces.join('');
        const ends = [...cuts.map((cut) => cut % (whole.length + 1)), whole.length].toSorted((a, b) => a - b);
        const divided = answer(
          [filtered],
          ends.map((end, at) => whole.slice(ends[at - 1] ?? 0, end)),
        );
        const { text, blocked } = answer([filtered], [whole]);
        expect([divided.text, divided.blocked]).toEqual([text, blocked]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('an answer that is to rest on sources', () => {
  const source = part('It is Paris.', { qualifiers: ['grounding_source'] });
  const query = part('Which?', { qualifiers: ['query'] });

  it('is held whole, and leaves where it rests on them', () => {
    const { released } = answer([grounded], ['It is', ' Paris.'], [source, query]);
    expect(released).toEqual(['', '', '', 'It is Paris.']);
  });

  it('is blocked whole where it does not', () => {
    expect(answer([grounded], ['It is', ' Lyon.'], [source])).toMatchObject({
      text: 'Not said.',
      blocked: ['GROUNDING'],
    });
  });

  it('is not held where there is nothing to measure it by', () => {
    expect(answer([grounded], ['It is ', 'Lyon. '], [part('Where?')]).released[1]).not.toBe('');
    expect(watchesOf([grounded], [part('Where?')])).toEqual([]);
    expect(watchesOf([grounded], [query])).toHaveLength(1);
    expect(watchesOf([])).toEqual([]);
  });
});

describe('several scanners as one', () => {
  const scripts = (...scans: readonly [settled: number, ...starts: readonly number[]][]): StreamScanner => {
    const left = scans.map(([settled, ...starts]) => ({
      settled,
      spans: starts.map((start) => ({ start, end: start + 2, type: 'EMAIL' as const, detector: 'x' })),
    }));
    const next = () => left.shift() ?? { settled: 0, spans: [] };
    return { push: next, add: () => undefined, divide: () => undefined, end: next };
  };

  it('have settled what all of them have, and give spans out in order once they lie before that', () => {
    const joint = createJointScanner([scripts([9, 1, 6], [12], [20, 15]), scripts([4, 2], [10, 5], [20])]);
    const startsOf = ({ spans }: { readonly spans: readonly { readonly start: number }[] }) =>
      spans.map(({ start }) => start);
    const first = joint.push('x');
    expect([first.settled, startsOf(first)]).toEqual([4, [1, 2]]);
    joint.add('y');
    joint.divide();
    const second = joint.push('x');
    expect([second.settled, startsOf(second)]).toEqual([10, [5, 6]]);
    expect(startsOf(joint.end())).toEqual([15]);
  });

  it('give out at the end what was waiting', () => {
    const joint = createJointScanner([scripts([9, 6]), scripts([2])]);
    expect(joint.end('x').spans).toHaveLength(1);
    const only = scripts([1]);
    expect(createJointScanner([only])).toBe(only);
  });
});
