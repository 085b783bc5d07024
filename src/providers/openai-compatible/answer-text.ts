import { failed } from './upstream-fault.ts';

// One for all: it keeps nothing from call to call unless it is told to.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes UTF-8. Throws `upstreamFailed` for malformed bytes: what stands in their place would be a guess. */
export function parseUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw failed('an answer that is not UTF-8', cause);
  }
}

/** Parses JSON. Throws `upstreamFailed` where it is malformed. */
export function parseAnswerJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw failed('an answer that is not JSON', cause);
  }
}
