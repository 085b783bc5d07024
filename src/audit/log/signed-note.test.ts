import { generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogSigner } from './contracts.ts';
import {
  noteText,
  parseNote,
  parseVerifierKey,
  printVerifierKey,
  signNote,
  toSignatureLine,
  toVerifierKey,
  verifyEd25519,
  verifyNote,
} from './signed-note.ts';

/** From the tests of golang.org/x/mod/sumdb/note. */
const peter = parseVerifierKey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
const enoch = parseVerifierKey('EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop');
const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const byPeter =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const byEnoch =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';

/** Made with golang.org/x/mod/sumdb/note, and with github.com/transparency-dev/formats/note for the witness. */
const log = parseVerifierKey('example.com/behind-the-sofa+fb877b65+AROY9ixtGkV8UbpqS189vS9p/KkyFiGNyJl+QWvRfZPK');
const plainWitness = parseVerifierKey('witness.example.com/w1+a7502961+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs');
const witness = toVerifierKey(plainWitness.name, plainWitness.publicKey, 'cosignature');
const body = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
const byLog =
  '— example.com/behind-the-sofa +4d7Zekp0FwDNpHjhuKZNkURyWJ1fNn01i8T8L21bniH5a9a5Af9Ic8RzdgN4rKaZVVWvGaCFwlwuw42l0bf8qkbewM=\n';
const byWitness =
  '— witness.example.com/w1 gSKlqwAAAABrCAgJH//ghKcD2ZeClPSJhvkzcw5j9m4ICGiOGibOg2ruWqj6yXqRHVaKEMUcwtdVv2Cd2JxnQ6DqvgjHRSlTKwJWCA==\n';

function createSigner(name: string) {
  const pair = generateKeyPairSync('ed25519');
  const publicKey = new Uint8Array(pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
  const signer: LogSigner = {
    name,
    publicKey,
    sign: async (message) => new Uint8Array(sign(null, message, pair.privateKey)),
  };
  return { signer, key: toVerifierKey(name, publicKey) };
}

/** The line with a bit of its signature, or of the key's id where `at` is below 4, the other way round. */
function withFlipped(line: string, at: number): string {
  const [, name = '', encoded = ''] = line.trim().split(' ');
  const bytes = Buffer.from(encoded, 'base64');
  bytes[at] = (bytes[at] ?? 0) ^ 0x01;
  return `— ${name} ${bytes.toString('base64')}\n`;
}

describe('a verifier key', () => {
  it('is printed as it is read', () => {
    expect(printVerifierKey(peter)).toBe('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
    const name = fc.string({ minLength: 1 }).filter((given) => /^[!-*,-~]+$/.test(given));
    const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(name, bytes, fc.constantFrom('ed25519', 'cosignature'), (given, publicKey, kind) => {
        const key = toVerifierKey(given, publicKey, kind);
        expect(parseVerifierKey(printVerifierKey(key))).toEqual({ ...key, id: expect.anything() });
        expect([...parseVerifierKey(printVerifierKey(key)).id]).toEqual([...key.id]);
      }),
    );
  });

  it('is refused with any character changed or cut', () => {
    const printed = printVerifierKey(peter);
    for (let at = 0; at < printed.length; at += 1) {
      for (const by of ['', 'z', '+', ' ', '=', '\n']) {
        if (printed[at] === by) continue;
        expect(() => parseVerifierKey(printed.slice(0, at) + by + printed.slice(at + 1)), `${by} at ${at}`).toThrow();
      }
    }
  });

  it('is refused with a type that is none, though its id would fit', () => {
    const type = Buffer.concat([Buffer.of(0x02), witness.publicKey]).toString('base64');
    const id = Buffer.from(witness.id).toString('hex');
    expect(() => parseVerifierKey(`${witness.name}+${id}+${type}`)).toThrow('not a verifier key');
  });

  it.each([
    'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW=',
    'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==',
    'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    `${'n'.repeat(256)}+173116ae+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW`,
    'PeterNeumann+c74f20a3+',
    '',
  ])('is not `%s`', (given) => {
    expect(() => parseVerifierKey(given)).toThrow();
  });

  it('has a name that notes can have, and a key of 32 bytes', () => {
    for (const name of ['', 'a b', 'a+b', 'a\u2003b', 'a\u0085b', 'a\nb', 'a\u0000b', 'a\ud800b', 'n'.repeat(256)]) {
      expect(() => toVerifierKey(name, peter.publicKey), name).toThrow(RangeError);
    }
    expect(() => toVerifierKey('a', new Uint8Array(31))).toThrow(RangeError);
  });
});

describe('a signed note', () => {
  it("is verified as Go's are", () => {
    const note = `${text}\n${byPeter}${byEnoch}`;
    expect(verifyNote(note, [peter])).toEqual({ text, signatures: [{ key: peter }] });
    expect(verifyNote(note, [enoch, peter])).toEqual({ text, signatures: [{ key: peter }, { key: enoch }] });
    expect(noteText(note)).toBe(text);
    expect(() => verifyNote(note, [])).toThrow('no known key');
    expect(() => verifyNote(note, [log])).toThrow('no known key');
  });

  it('is verified as it was signed, by all who did', async () => {
    const [one, other] = [createSigner('one.example'), createSigner('other.example')];
    const line = fc.string({ unit: 'grapheme' }).filter((given) => !/[\u0000-\u001f\u007f]/.test(given));
    const lines = fc.array(line).map((given) => ['the first line', ...given]);
    await fc.assert(
      fc.asyncProperty(lines, async (given) => {
        const signed = `${given.join('\n')}\n`;
        const note = await signNote(signed, [one.signer, other.signer]);
        const verified = verifyNote(note, [other.key, one.key]);
        expect(verified).toEqual({ text: signed, signatures: [{ key: one.key }, { key: other.key }] });
      }),
    );
  });

  it('counts for no text but its own', () => {
    const note = `${text}\n${byPeter}`;
    for (let at = 0; at < text.length - 1; at += 1) {
      const changed = note.slice(0, at) + (note[at] === 'x' ? 'y' : 'x') + note.slice(at + 1);
      expect(() => verifyNote(changed, [peter]), `at ${at}`).toThrow('is wrong');
    }
  });

  it('is refused as a whole where a known key has not signed it, whoever else has', () => {
    for (let at = 4; at < 68; at += 1) {
      const wrong = withFlipped(byEnoch, at);
      expect(() => verifyNote(`${text}\n${byPeter}${wrong}`, [peter, enoch]), `at ${at}`).toThrow('is wrong');
      expect(() => verifyNote(`${text}\n${wrong}${byPeter}`, [peter, enoch]), `at ${at}`).toThrow('is wrong');
      expect(verifyNote(`${text}\n${byPeter}${wrong}`, [peter]).signatures).toHaveLength(1);
    }
    const short = toSignatureLine({ name: peter.name, id: peter.id, bytes: new Uint8Array(63) });
    expect(() => verifyNote(`${text}\n${short}`, [peter])).toThrow('is wrong');
  });

  it('is not touched by keys that are unknown, though they have the name or the id of a known one', () => {
    const sameName = toSignatureLine({ name: peter.name, id: enoch.id, bytes: new Uint8Array(64) });
    const sameId = toSignatureLine({ name: 'stranger', id: peter.id, bytes: new Uint8Array(7) });
    const verified = verifyNote(`${text}\n${sameName}${sameId}${byPeter}`, [peter]);
    expect(verified.signatures).toEqual([{ key: peter }]);
    expect(() => verifyNote(`${text}\n${sameName}${sameId}`, [peter])).toThrow('no known key');
  });

  it('counts a key once, however often it signed', () => {
    expect(verifyNote(`${text}\n${byPeter.repeat(2)}${byEnoch}`, [peter, enoch]).signatures).toHaveLength(2);
    expect(verifyNote(`${text}\n${byPeter.repeat(100)}`, [peter]).signatures).toHaveLength(1);
  });

  it('may have blank lines in its text, of which the last ends it', async () => {
    const { signer, key } = createSigner('one.example');
    const signed = 'one\n\n\ntwo\n';
    expect(verifyNote(await signNote(signed, [signer]), [key]).text).toBe(signed);
    const inner = `${text}\n${byPeter}`;
    expect(verifyNote(await signNote(inner, [signer]), [key, peter])).toEqual({ text: inner, signatures: [{ key }] });
  });

  const [lineOf = ''] = byPeter.split('\n');
  it.each<[string, string]>([
    ['nothing', ''],
    ['no signatures', text],
    ['no signatures behind a blank line', `${text}\n`],
    ['no text', `\n${byPeter}`],
    ['an empty text', `\n\n${byPeter}`.slice(1)],
    ['no line feed at its end', `${text}\n${lineOf}`],
    ['no line feed at the end of its last signature', `${text}\n${byEnoch}${lineOf}`],
    ['a line that is no signature', `${text}\n${byPeter}Unexpected line.\n`],
    ['a line that is no signature first', `${text}\nUnexpected line.\n${byPeter}`],
    ['a control character in its text', `\u0001${text}\n${byPeter}`],
    ['a tab in its text', `\t${text}\n${byPeter}`],
    ['a carriage return in its text', `${text.replace('\n', '\r\n')}\n${byPeter}`],
    ['a lone surrogate in its text', `\ud800${text}\n${byPeter}`],
    ['a hyphen for the dash', `${text}\n${byPeter.replace('—', '-')}`],
    ['a name with a space', `${text}\n${byPeter.replace('PeterNeumann', 'Peter Neumann')}`],
    ['a name with a plus sign', `${text}\n${byPeter.replace('PeterNeumann', 'Peter+Neumann')}`],
    ['a name that is empty', `${text}\n${byPeter.replace('PeterNeumann', '')}`],
    ['a name with a control character', `${text}\n${byPeter.replace('PeterNeumann', 'Peter\u001bNeumann')}`],
    ['a name with a next line', `${text}\n${byPeter.replace('PeterNeumann', 'Peter\u0085Neumann')}`],
    ['a name with a lone surrogate', `${text}\n${byPeter.replace('PeterNeumann', 'Peter\ud800Neumann')}`],
    ['a name that is too long', `${text}\n${byPeter.replace('PeterNeumann', 'p'.repeat(256))}`],
    ['two spaces', `${text}\n${byPeter.replace('Neumann ', 'Neumann  ')}`],
    ['a space behind a signature', `${text}\n${lineOf} \n`],
    ['a signature in the other alphabet', `${text}\n${byPeter.replaceAll('/', '_')}`],
    ['a signature without its padding', `${text}\n${byPeter.replace('=', '')}`],
    ['a signature with loose bits', `${text}\n${byPeter.replace('AM=', 'AN=')}`],
    ['a signature that is an id alone', `${text}\n— PeterNeumann x08gow==\n`],
    ['more signatures than a note may have', `${text}\n${byPeter.repeat(101)}`],
    ['a text that is too long', `${'x'.repeat(1_000_000)}\n\n${byPeter}`],
  ])('is refused with %s', (_, note) => {
    expect(() => parseNote(note)).toThrow('not a signed note');
    expect(() => verifyNote(note, [peter])).toThrow('not a signed note');
  });
});

describe('a cosignature', () => {
  const note = `${body}\n${byLog}${byWitness}`;

  it("is verified as Go's are, and says when", () => {
    const signatures = [{ key: log }, { key: witness, time: 1_795_688_457 }];
    expect(verifyNote(note, [log, witness])).toEqual({ text: body, signatures });
  });

  it('has a key of its own: as a signature of the same key it is none', () => {
    expect(Buffer.compare(witness.id, plainWitness.id)).not.toBe(0);
    expect(verifyNote(note, [log, plainWitness]).signatures).toEqual([{ key: log }]);
    expect(parseVerifierKey(printVerifierKey(witness)).kind).toBe('cosignature');
  });

  it('may be of any time that there is', () => {
    const pair = generateKeyPairSync('ed25519');
    const publicKey = new Uint8Array(pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
    const key = toVerifierKey('witness', publicKey, 'cosignature');
    const time = 2n ** 63n - 1n;
    const bytes = Buffer.alloc(72);
    bytes.writeBigUInt64BE(time);
    bytes.set(sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${body}`), pair.privateKey), 8);
    const line = toSignatureLine({ name: key.name, id: key.id, bytes });
    expect(verifyNote(`${body}\n${line}`, [key]).signatures).toEqual([{ key, time: Number(time) }]);
  });

  it('refuses the note with any byte of it changed, of its time too', () => {
    for (let at = 4; at < 76; at += 1) {
      expect(() => verifyNote(`${body}\n${byLog}${withFlipped(byWitness, at)}`, [log, witness]), `at ${at}`).toThrow();
    }
    for (const length of [1, 7, 8, 63, 64, 71, 73]) {
      const line = toSignatureLine({ name: witness.name, id: witness.id, bytes: new Uint8Array(length) });
      expect(() => verifyNote(`${body}\n${line}`, [witness])).toThrow('is wrong');
    }
    expect(() => verifyNote(`${body.replace('20852163', '20852164')}\n${byWitness}`, [witness])).toThrow('is wrong');
  });
});

const file = resolve(import.meta.dirname, '../../../../shared/vectors/wycheproof/ed25519.json');
const named = existsSync(file) ? '' : ' (skipped: ../shared is not there)';

interface Ed25519Vectors {
  readonly testGroups: readonly {
    readonly publicKey: { readonly pk: string };
    readonly tests: readonly { tcId: number; comment: string; msg: string; sig: string; result: string }[];
  }[];
}

describe.skipIf(!existsSync(file))(`the Ed25519 vectors of Wycheproof${named}`, () => {
  it('are accepted exactly where they are valid', () => {
    const { testGroups }: Ed25519Vectors = JSON.parse(readFileSync(file, 'utf8'));
    let count = 0;
    for (const { publicKey, tests } of testGroups) {
      const key = Buffer.from(publicKey.pk, 'hex');
      for (const { tcId, comment, msg, sig, result } of tests) {
        const accepted = verifyEd25519(key, Buffer.from(msg, 'hex'), Buffer.from(sig, 'hex'));
        expect(accepted, `${tcId}: ${comment}`).toBe(result === 'valid');
        count += 1;
      }
    }
    expect(count).toBe(151);
  });
});
