import type { Readable } from 'node:stream';
import { type AnswerEvent, GatewayError } from '../../core/index.ts';
import { MAX_ANSWER } from './collect.ts';
import { createStreamEventReader, type StreamEvent } from './stream-events.ts';
import { toInterrupted } from './upstream-error.ts';

/** Reads the frames of one streamed answer, in order. */
export interface StreamReader {
  read(frame: StreamEvent): readonly AnswerEvent[];
  /** Throws `upstreamInterrupted` unless the answer had come to its end: a cut stream must not pass for a whole one. */
  end(): void;
}

/** An answer as it arrives: what one read of the socket completes is one batch. */
export async function* streamed(
  body: Readable,
  reader: StreamReader,
  signal: AbortSignal,
): AsyncGenerator<readonly AnswerEvent[]> {
  const frames = createStreamEventReader();
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > MAX_ANSWER) throw new GatewayError('upstreamFailed', { detail: 'an answer that is too large' });
      const events: AnswerEvent[] = [];
      try {
        for (const frame of frames.push(chunk)) events.push(...reader.read(frame));
      } catch (error) {
        // What came before the fault counts, wherever the network happened to divide the two.
        if (events.length > 0) yield events;
        throw error;
      }
      if (events.length > 0) yield events;
    }
    frames.end();
    reader.end();
  } catch (error) {
    throw toInterrupted(error, signal);
  }
}
