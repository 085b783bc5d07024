const HASH_BYTES = 32;
const SIZE = /^(?:0|[1-9][0-9]{0,15})$/;

/** A log at one size (C2SP tlog-checkpoint). */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** Lines behind the root; none of ours. */
  readonly extensions?: readonly string[];
}

/** The text of a checkpoint, to be signed as a note. */
export function toCheckpoint({ origin, size, root, extensions = [] }: Checkpoint): string {
  return [origin, String(size), Buffer.from(root).toString('base64'), ...extensions, ''].join('\n');
}

/** Reads a checkpoint's text; throws where it is not one, or written otherwise than it must be. */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', digits = '', encoded = '', ...rest] = text.split('\n');
  const size = Number(digits);
  const root = Buffer.from(encoded, 'base64');
  const end = rest.pop();
  const isWhole = end === '' && origin !== '' && rest.every((line) => line !== '');
  if (!isWhole || !SIZE.test(digits) || !Number.isSafeInteger(size)) throw notACheckpoint();
  if (root.length !== HASH_BYTES || root.toString('base64') !== encoded) throw notACheckpoint();
  return { origin, size, root: new Uint8Array(root), ...(rest.length === 0 ? {} : { extensions: rest }) };
}

function notACheckpoint(): Error {
  return new Error('not a checkpoint');
}
