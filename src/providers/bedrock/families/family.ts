import type { Inference, StopReason } from '../../../core/index.ts';
import type { Dropped } from '../dropped.ts';
import type { WireObject } from '../wire-value.ts';

/** What steers a completion, its stop sequences as text. */
export interface CompletionSettings extends Omit<Inference, 'stopSequences'> {
  readonly stopSequences?: readonly string[];
}

/** What a whole answer, or one chunk of a streamed one, says. */
export interface Said {
  readonly text: string;
  /** Set where the answer ends. */
  readonly stop?: StopReason;
  readonly inputTokens?: unknown;
  readonly outputTokens?: unknown;
}

/** The body format of one family of models that take a raw prompt through `InvokeModel`. */
export interface CompletionFamily {
  /** The members of `Inference` that the format has a field for. */
  readonly settings: readonly (keyof Inference)[];
  /** The body, to be printed as JSON. */
  body(prompt: string, settings: CompletionSettings, isStream: boolean): object;
  /** Reads a whole answer or a chunk, and counts what it leaves. Throws `upstreamFailed` where it is malformed. */
  read(answer: WireObject, dropped: Dropped): Said;
}
