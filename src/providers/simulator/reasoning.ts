import { hash } from 'node:crypto';
import {
  type Conversation,
  type Exchange,
  GatewayError,
  type ReasoningBlock,
  type ReasoningProof,
  textOf,
} from '../../core/index.ts';

/** The simulator's signature over a text it thought: anyone can make it, but it fits that text alone. */
export function toSignature(text: string): ReasoningProof {
  return { kind: 'signature', signature: hash('sha256', `sallyport simulator ${text}`, 'base64') };
}

/** A text it thought, as nobody can read it: a digest, and the digest of that, by which it is known again. */
export function toEncrypted(text: string): ReasoningProof {
  const digest = hash('sha256', text, 'buffer');
  return { kind: 'encrypted', data: Buffer.concat([digest, hash('sha256', digest, 'buffer')]).toString('base64') };
}

/** Throws `upstreamInvalid` for reasoning in the history that is not, to the letter, what the simulator gave out. */
export function checkReasoning(exchange: Pick<Exchange, 'parts'>, { messages }: Conversation): void {
  for (const { content } of messages) {
    for (const block of content) {
      if (block.kind === 'reasoning' && !isOwn(exchange, block)) throw new GatewayError('upstreamInvalid');
    }
  }
}

function isOwn(exchange: Pick<Exchange, 'parts'>, { text, proof }: ReasoningBlock): boolean {
  if (proof?.kind === 'encrypted') {
    const data = Buffer.from(proof.data, 'base64');
    return text === undefined && hash('sha256', data.subarray(0, 32), 'buffer').equals(data.subarray(32));
  }
  if (proof?.kind !== 'signature' || text === undefined) return false;
  const own = toSignature(textOf(exchange, text));
  return own.kind === 'signature' && own.signature === proof.signature;
}
