import { proveConsistency } from '../log/proof.ts';
import type { TileReader } from '../log/proof-nodes.ts';
import { parseNote, toSignatureLine, type VerifierKey, verifyNote } from '../log/signed-note.ts';

/** Somebody else who signs only checkpoints that go on from the last one they saw of this log. */
export interface Witness {
  /** For the operator: the name of its key. */
  readonly name: string;
  /** Its cosignature's line. Rejects where it does not give one that is right. */
  cosign(checkpoint: string, size: number): Promise<string>;
}

interface WitnessOptions {
  /** What `/add-checkpoint` is behind. */
  readonly url: string;
  readonly key: VerifierKey;
  /** Reads the log's tiles, to prove that it only grew. */
  readonly readTile: TileReader;
}

const TIMEOUT_MS = 10_000;
const LONGEST_ANSWER = 65_536;

/** A witness over HTTP (C2SP tlog-witness). */
export function createWitness({ url, key, readTile }: WitnessOptions): Witness {
  /** The size of this log that it saw last. */
  let seen = 0;

  async function ask(checkpoint: string, size: number): Promise<{ readonly status: number; readonly body: string }> {
    const hashes = seen > 0 && seen < size ? await proveConsistency({ readTile, oldSize: seen, newSize: size }) : [];
    const proof = hashes.map((hash) => `${Buffer.from(hash).toString('base64')}\n`).join('');
    const { request } = await import('undici');
    const { statusCode, body } = await request(`${url.replace(/\/$/, '')}/add-checkpoint`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: `old ${seen}\n${proof}\n${checkpoint}`,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    let text = '';
    for await (const chunk of body) {
      text += String(chunk);
      if (text.length > LONGEST_ANSWER) throw new Error(`the witness ${key.name} does not come to an end`);
    }
    return { status: statusCode, body: text };
  }

  return {
    name: key.name,
    async cosign(checkpoint, size) {
      let answer = await ask(checkpoint, size);
      if (answer.status === 409) {
        // It says what it saw last: another sequencer, or an earlier run of this one, has told it of the log.
        seen = parseSize(answer.body);
        answer = await ask(checkpoint, size);
      }
      if (answer.status !== 200) throw new Error(`the witness ${key.name} answered ${answer.status}`);
      const note = `${parseNote(checkpoint).text}\n${answer.body}`;
      // Held against its key before it is passed on: a wrong one would make the whole checkpoint wrong.
      verifyNote(note, [key]);
      const own = parseNote(note).signatures.filter(({ id }) => Buffer.compare(id, key.id) === 0);
      seen = size;
      return own.map(toSignatureLine).join('');
    },
  };
}

function parseSize(text: string): number {
  const size = /^(?:0|[1-9]\d{0,15})\n?$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(size)) throw new Error('the witness does not say what it saw last');
  return size;
}
