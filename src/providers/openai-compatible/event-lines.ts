import { parseUtf8 } from './answer-text.ts';
import { failed } from './upstream-fault.ts';

/** Longest line, in bytes: far above what a chunk of an answer takes, far below what would harm the process. */
const MAX_LINE = 1024 * 1024;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;

/**
 * Takes server-sent events (html.spec.whatwg.org, section 9.2) apart, read by read, and hands on the data of each.
 *
 * The chat completions API writes the data of an event on one line. A line is decoded once it is whole, so that no
 * character is cut by a read. Throws `upstreamFailed` for malformed UTF-8, a line over 1 MiB, and a field that is none
 * of an event: llama.cpp has named its errors by a field of their own.
 */
export function createEventLines(onData: (data: string) => void): (bytes: Uint8Array) => void {
  let kept: Uint8Array[] = [];
  let keptLength = 0;

  function keep(bytes: Uint8Array): void {
    kept.push(bytes);
    keptLength += bytes.length;
    if (keptLength > MAX_LINE) throw failed('an answer with a line that is too long');
  }

  return (bytes) => {
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    if (end === 0) {
      keep(bytes);
      return;
    }
    let lines = bytes.subarray(0, end);
    if (keptLength > 0) {
      lines = Buffer.concat([...kept, lines]);
      kept = [];
      keptLength = 0;
    }
    readLines(parseUtf8(lines), onData);
    if (end < bytes.length) keep(bytes.subarray(end));
  };
}

/** `text` ends with a line feed. */
function readLines(text: string, onData: (data: string) => void): void {
  let start = 0;
  for (let feed = text.indexOf('\n'); feed !== -1; feed = text.indexOf('\n', start)) {
    const end = text.charCodeAt(feed - 1) === CARRIAGE_RETURN ? feed - 1 : feed;
    if (text.startsWith('data:', start)) {
      onData(text.slice(text.charCodeAt(start + 5) === SPACE ? start + 6 : start + 5, end));
      // A carriage return within would end a line as well, and data after it would be lost unseen.
    } else if (end > start && !/^(?:|event|id|retry):[^\r]*$/.test(text.slice(start, end))) {
      throw failed('an answer that is no event stream');
    }
    start = feed + 1;
  }
}
