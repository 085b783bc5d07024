import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../cleared.suite.ts';
import { collect } from './collect.ts';

const signal = AbortSignal.any([]);
const mebibyte = Buffer.alloc(1024 * 1024);

describe('an answer taken whole', () => {
  it('is its chunks together', async () => {
    expect(await collect(Readable.from([Buffer.from('one '), Buffer.from('two')]), signal)).toEqual(
      Buffer.from('one two'),
    );
  });

  it('is refused where it is larger than any answer', async () => {
    const body = Readable.from(Array(65).fill(mebibyte));
    expect(await codeOf(collect(body, signal))).toBe('upstreamFailed');
    expect(body.destroyed).toBe(true);
  });
});
