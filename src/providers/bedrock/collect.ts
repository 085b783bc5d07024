import type { Readable } from 'node:stream';
import { GatewayError } from '../../core/index.ts';
import { toInterrupted } from './upstream-error.ts';

/** Largest answer taken, in bytes: far above what a model says, far below what would harm the process. */
export const MAX_ANSWER = 64 * 1024 * 1024;

/** Reads a body to its end. Rejects with `upstreamInterrupted` where it breaks off, `upstreamFailed` if it is too large. */
export async function collect(body: Readable, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > MAX_ANSWER) throw new GatewayError('upstreamFailed', { detail: 'an answer that is too large' });
      chunks.push(chunk);
    }
  } catch (error) {
    throw toInterrupted(error, signal);
  }
  return Buffer.concat(chunks, size);
}
