import { parseRequestId, type RequestId } from '../../core/index.ts';
import { CommandError } from '../command-error.ts';

/** What an entry of the log is named by: its number, or the id of its exchange or act. */
export type EntryName = number | RequestId;

/** Throws a `CommandError` for what is neither. */
export function parseEntryName(text: string): EntryName {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  return parseId(text, ', or the number of an entry, such as 4711');
}

/** The id of an exchange or act. Throws a `CommandError` for what is none. */
export function parseRequestName(text: string): RequestId {
  return parseId(text, '');
}

/** What answers call themselves: the request's id without dashes, behind a word of the protocol. */
const ANSWER = /^(?:chatcmpl-|resp_|msg_bdrk_|msg_)?(\w{8})(\w{4})(\w{4})(\w{4})(\w{12})$/;

function parseId(text: string, otherwise: string): RequestId {
  try {
    return parseRequestId(text.toLowerCase().replace(ANSWER, '$1-$2-$3-$4-$5'));
  } catch (cause) {
    const example = 'a request id, such as 019ab2c4-7d00-7a5c-9f1e-2f6f0f7c9a11 (the value of x-sallyport-request-id)';
    throw new CommandError(2, `expected ${example}${otherwise}`, { cause });
  }
}
