import { describe, expect, it } from 'vitest';
import { type Span, toContentPolicy } from '../core/index.ts';
import { maskText } from '../deidentify/index.ts';
import type { Scan, StreamScanner } from '../detectors/index.ts';
import { createHeldText, type HeldText, type Mask } from './held-text.ts';

const { output: policy } = toContentPolicy({
  input: {},
  output: { EMAIL: 'mask', API_KEY: 'block' },
  blockedInputMessage: 'in',
  blockedOutputMessage: 'out',
});
const span = (start: number, end: number): Span => ({ start, end, type: 'EMAIL', detector: 'scripted' });

/** A scanner that says what a faulty one might say. */
function scripted(...scans: readonly Scan[]): StreamScanner {
  const left = [...scans];
  const next = () => left.shift() ?? { spans: [], settled: 0 };
  return { push: next, add: () => undefined, divide: () => undefined, end: next };
}

function heldText(scanner: StreamScanner, mask: Mask = maskText): HeldText {
  return createHeldText({ scanner, policy, mask });
}

const textOf = (text: HeldText, piece: string) => {
  text.add(piece);
  return text.settle().events;
};

describe('held text', () => {
  it('gives out no part of a finding that reaches past what is settled', () => {
    const text = heldText(scripted({ spans: [span(2, 6)], settled: 4 }, { spans: [], settled: 6 }));
    expect(textOf(text, 'ab12')).toEqual([{ kind: 'delta', index: 0, text: 'ab' }]);
    expect(textOf(text, '34cd')).toEqual([{ kind: 'delta', index: 0, text: '{EMAIL}' }]);
    expect(text.end().events).toEqual([{ kind: 'delta', index: 0, text: 'cd' }]);
  });

  it('ends before a blocked finding only once all before it is settled', () => {
    const key = { ...span(4, 6), type: 'API_KEY' } as const;
    const text = heldText(scripted({ spans: [key], settled: 2 }, { spans: [], settled: 6 }));
    text.add('abcd12');
    expect(text.settle()).toEqual({ events: [{ kind: 'delta', index: 0, text: 'ab' }], findings: [] });
    text.add('ef');
    expect(text.settle()).toEqual({
      events: [{ kind: 'delta', index: 0, text: 'cd' }],
      findings: [key],
      blocking: key,
    });
  });

  it('fails where a finding comes after the text under it has left', () => {
    const text = heldText(scripted({ spans: [], settled: 4 }, { spans: [span(3, 5)], settled: 6 }));
    textOf(text, 'abcd');
    expect(() => textOf(text, 'ef')).toThrow(expect.objectContaining({ code: 'inspectionFailed' }));
  });

  it('fails where a finding cannot be masked', () => {
    const text = heldText(scripted({ spans: [span(0, 2)], settled: 2 }), () => undefined);
    expect(() => textOf(text, 'ab')).toThrow(expect.objectContaining({ code: 'inspectionFailed' }));
  });

  it('takes nothing back where a scanner settles less than before', () => {
    const text = heldText(scripted({ spans: [], settled: 4 }, { spans: [], settled: 2 }));
    textOf(text, 'abcd');
    expect(textOf(text, 'efghij')).toEqual([]);
    expect(text.end().events).toEqual([{ kind: 'delta', index: 0, text: 'efghij' }]);
  });
});
