import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCheckpoint } from './checkpoint.ts';
import { signer } from './log-fixture.suite.ts';
import { parseProofText, toProofText } from './proof-text.ts';
import { signNote } from './signed-note.ts';

const root = new Uint8Array(32).fill(5);
const checkpoint = await signNote(toCheckpoint({ origin: signer.name, size: 1_000, root }), [signer]);
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const one = Buffer.alloc(32, 1);
const line = one.toString('base64');

describe('the text of a proof', () => {
  it('is read as it was written', () => {
    const proof = fc.record({
      index: fc.nat(999),
      hashes: fc.array(hash, { maxLength: 53 }),
      checkpoint: fc.constant(checkpoint),
      extra: fc.option(fc.uint8Array({ minLength: 1 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(proof, ({ extra, ...rest }) => {
        const given = extra === undefined ? rest : { ...rest, extra };
        expect(parseProofText(toProofText(given))).toEqual(given);
      }),
    );
  });

  it('is as C2SP tlog-proof has it', () => {
    const lines = ['c2sp.org/tlog-proof@v1', 'extra AQI=', 'index 73', line, '', checkpoint];
    const proof = { index: 73, hashes: [one], checkpoint };
    expect(toProofText({ ...proof, extra: Uint8Array.of(1, 2) })).toBe(lines.join('\n'));
    expect(toProofText({ ...proof, extra: Uint8Array.of() })).toBe(lines.toSpliced(1, 1).join('\n'));
    expect(toProofText({ ...proof, index: 0, hashes: [] })).toBe(`${lines[0]}\nindex 0\n\n${checkpoint}`);
  });

  const text = (...lines: readonly string[]) => [...lines, '', checkpoint].join('\n');
  const head = 'c2sp.org/tlog-proof@v1';

  it.each<[string, string]>([
    ['nothing', ''],
    ['no checkpoint', `${head}\nindex 0\n`],
    ['another version', text('c2sp.org/tlog-proof@v2', 'index 0')],
    ['no index', text(head)],
    ['no index but hashes', text(head, line)],
    ['an empty extra', text(head, 'extra ', 'index 0')],
    ['an extra that is no base64', text(head, 'extra *', 'index 0')],
    ['an extra without its padding', text(head, 'extra AQI', 'index 0')],
    ['an extra behind the index', text(head, 'index 0', 'extra AQI=')],
    ['two extras', text(head, 'extra AQI=', 'extra AQI=', 'index 0')],
    ['an index with a zero before it', text(head, 'index 01')],
    ['an index with a sign', text(head, 'index +1')],
    ['an index below zero', text(head, 'index -1')],
    ['an index in other digits', text(head, 'index ١')],
    ['an index that the log is too small for', text(head, 'index 1000')],
    ['an index that rounds into the log', text(head, 'index 9007199254740993')],
    ['an index beyond all numbers', text(head, `index 1${'0'.repeat(400)}`)],
    ['a hash of 31 bytes', text(head, 'index 0', Buffer.alloc(31).toString('base64'))],
    ['a hash of 33 bytes', text(head, 'index 0', Buffer.alloc(33).toString('base64'))],
    [
      'a hash in another alphabet',
      text(head, 'index 0', Buffer.alloc(32, 0xff).toString('base64').replaceAll('/', '_')),
    ],
    ['a hash with loose bits', text(head, 'index 0', line.replace(/E=$/, 'F='))],
    ['a hash with a space behind it', text(head, 'index 0', `${line} `)],
    ['a carriage return', text(head, 'index 0\r')],
    ['more hashes than any tree is high', text(head, 'index 0', ...Array<string>(54).fill(line))],
    ['two blank lines', text(head, 'index 0', '')],
    ['a checkpoint without a signature', `${head}\nindex 0\n\n${checkpoint.split('\n\n')[0]}\n`],
    ['a checkpoint that is none', `${head}\nindex 0\n\n${checkpoint.replace('1000', '01000')}`],
    ['a text that is too long', text(head, `extra ${Buffer.alloc(1_500_000).toString('base64')}`, 'index 0')],
  ])('is refused with %s', (_, given) => {
    expect(() => parseProofText(given)).toThrow('not a proof of inclusion');
  });

  it('has lines enough for the deepest leaf', () => {
    expect(parseProofText(text(head, 'index 0', ...Array<string>(53).fill(line))).hashes).toHaveLength(53);
  });
});
