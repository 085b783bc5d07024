import type { ReasoningProof } from '../../core/index.ts';
import { notCarried, parseText } from './wire-value.ts';

/** Gathers what a provider attached to one block of reasoning; in a stream it comes in pieces. */
export interface ProofGatherer {
  sign(signature: unknown): void;
  redact(data: unknown): void;
  /** Undefined where nothing came. Throws `upstreamFailed` for both kinds at once. */
  proof(): ReasoningProof | undefined;
}

export function createProofGatherer(): ProofGatherer {
  let signature = '';
  const redacted: Uint8Array[] = [];
  return {
    sign(value) {
      signature += parseText(value);
    },
    redact(value) {
      redacted.push(parseBlob(value));
    },
    proof() {
      if (redacted.length === 0) return signature === '' ? undefined : { kind: 'signature', signature };
      if (signature !== '') throw notCarried('reasoning that is signed and encrypted');
      return { kind: 'encrypted', data: Buffer.concat(redacted).toString('base64') };
    },
  };
}

/** A blob of the service model: canonical base64. Throws `upstreamFailed` for another text. */
export function parseBlob(value: unknown): Buffer {
  const text = parseText(value);
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw notCarried('a member that is not base64');
  return bytes;
}
