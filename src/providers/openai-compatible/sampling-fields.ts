import type { Inference } from '../../core/index.ts';
import { quote, type Texts, unsupported } from './wire-text.ts';

/**
 * The fields that chat completions and completions steer sampling by, each after a comma. Throws `unsupported` for
 * top-k, and for several answers at once, which are asked for one by one.
 */
export function printSampling(texts: Texts, inference: Inference): string {
  if (inference.topK !== undefined) throw unsupported('top-k sampling');
  if (inference.choices !== undefined) throw unsupported('several answers at once');
  const stops = inference.stopSequences ?? [];
  return (
    printNumber('max_tokens', inference.maxTokens) +
    printNumber('temperature', inference.temperature) +
    printNumber('top_p', inference.topP) +
    printNumber('frequency_penalty', inference.frequencyPenalty) +
    printNumber('presence_penalty', inference.presencePenalty) +
    printNumber('seed', inference.seed) +
    (stops.length === 0 ? '' : `,"stop":[${stops.map((stop) => quote(texts, stop)).join(',')}]`)
  );
}

/** The fields that ask for a stream, and for its token counts. */
export const STREAM_FIELDS = ',"stream":true,"stream_options":{"include_usage":true}';

function printNumber(name: string, value: number | undefined): string {
  return value === undefined ? '' : `,"${name}":${value}`;
}
