import type { AnswerEvent, RequestRecord } from '../../core/index.ts';
import type { ExportContext, ExportedExchange } from './exchange.ts';
import { type ExportedPart, toMaskedEvents, toMaskedParts } from './masked-parts.ts';

/** The parts of a request as the stages left them, which is how they were sent if they were; none where no body goes out. */
export function toSentParts(request: RequestRecord, { body }: Pick<ExportContext, 'body'>): readonly ExportedPart[] {
  if (body === 'none') return [];
  return body === 'masked' ? toMaskedParts(request) : (request.rewritten ?? request.original);
}

/** All that was let out of an answer, in order; nothing where no body goes out. */
export function toReleasedEvents(
  { releases, response }: ExportedExchange,
  { body }: Pick<ExportContext, 'body'>,
): readonly AnswerEvent[] {
  if (body === 'none') return [];
  const ascending = releases.toSorted((one, other) => one.sequence - other.sequence);
  const events = [...ascending.flatMap((release) => release.events), ...(response?.released ?? [])];
  return body === 'masked' ? toMaskedEvents(events) : events;
}
