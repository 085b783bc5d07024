/** What a prompt asks of the simulator. */
export type Directive =
  | { readonly kind: 'echo' }
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'leakPii' }
  | { readonly kind: 'leakSecret' }
  /** `events` deltas, each after `intervalMs` milliseconds. */
  | { readonly kind: 'stream'; readonly events: number; readonly intervalMs: number }
  | { readonly kind: 'long'; readonly words: number }
  | { readonly kind: 'toolCall' }
  | { readonly kind: 'reasoning' }
  | { readonly kind: 'encryptedReasoning' }
  | { readonly kind: 'cite' }
  | { readonly kind: 'contextWindow' }
  | { readonly kind: 'dieMidStream' }
  | { readonly kind: 'throttle' }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'timeout' };

const DIRECTIVE =
  /sim:(say|leak-pii|leak-secret|stream|long|tool-call|reasoning|encrypted-reasoning|cite|context-window|die-mid-stream|throttle|unavailable|timeout)(?![a-z-])([^\r\n]*)/;
const PACE = /^[ \t]+(\d{1,6})x(\d{1,5})ms/;
const COUNT = /^[ \t]+(\d{1,6})/;

const DEFAULT_EVENTS = 50;
const DEFAULT_INTERVAL_MS = 20;
const DEFAULT_WORDS = 1_000;

/**
 * The first directive in a text, wherever it stands; `echo` where there is none.
 *
 * `sim:say TEXT` takes the rest of its line, `sim:stream 200x20ms` an optional pace, `sim:long 500` an optional count.
 */
export function toDirective(text: string): Directive {
  const [, name, rest = ''] = DIRECTIVE.exec(text) ?? [];
  switch (name) {
    case 'say':
      return { kind: 'say', text: rest.trim() };
    case 'leak-pii':
      return { kind: 'leakPii' };
    case 'leak-secret':
      return { kind: 'leakSecret' };
    case 'stream': {
      const [, events = DEFAULT_EVENTS, intervalMs = DEFAULT_INTERVAL_MS] = PACE.exec(rest) ?? [];
      return { kind: 'stream', events: Number(events), intervalMs: Number(intervalMs) };
    }
    case 'long':
      return { kind: 'long', words: Number(COUNT.exec(rest)?.[1] ?? DEFAULT_WORDS) };
    case 'tool-call':
      return { kind: 'toolCall' };
    case 'reasoning':
      return { kind: 'reasoning' };
    case 'encrypted-reasoning':
      return { kind: 'encryptedReasoning' };
    case 'cite':
      return { kind: 'cite' };
    case 'context-window':
      return { kind: 'contextWindow' };
    case 'die-mid-stream':
      return { kind: 'dieMidStream' };
    case 'throttle':
      return { kind: 'throttle' };
    case 'unavailable':
      return { kind: 'unavailable' };
    case 'timeout':
      return { kind: 'timeout' };
    default:
      return { kind: 'echo' };
  }
}
