import { parseRequestId, type RequestId } from '../../core/index.ts';
import { CommandError } from '../command-error.ts';

/** What an entry of the log is named by: its number, or the id of its exchange or act. */
export type EntryName = number | RequestId;

/** Throws a `CommandError` for what is neither. */
export function parseEntryName(text: string): EntryName {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  try {
    return parseRequestId(text.toLowerCase());
  } catch (cause) {
    const message =
      'expected a request id, such as 019ab2c4-7d00-7a5c-9f1e-2f6f0f7c9a11 (the value of x-sallyport-request-id), ' +
      'or the number of an entry, such as 4711';
    throw new CommandError(2, message, { cause });
  }
}
