import { type CitationLocation, type CitedPassage, GatewayError, type TextBlock } from '../../core/index.ts';
import type { Reader } from '../reader.ts';
import type { WireCitations } from './content-schema.ts';

type WireCitation = NonNullable<WireCitations['citations']>[number];

/**
 * Reads an answer with citations on its way back; `path` is that of its content. Throws `unsupported` where the
 * citations are not those of one text: which piece rests on which passage is then not said.
 */
export function toCitedTexts(
  { parts }: Reader,
  { content = [], citations = [] }: WireCitations,
  path: string,
): readonly TextBlock[] {
  const add = (text: string, at: string) =>
    parts.add({ kind: 'text', origin: 'assistant', path: `${path}/${at}`, text });
  if (citations.length > 0 && content.length !== 1) {
    throw new GatewayError('unsupported', { detail: '`citationsContent.citations` of more or less than one text' });
  }
  return content.map(({ text }, index) => ({
    kind: 'text',
    text: add(text, `content/${index}/text`),
    ...(citations.length === 0
      ? {}
      : { citations: citations.map((each, at) => toPassage(each, `citations/${at}`, add)) }),
  }));
}

function toPassage(
  { title, source, sourceContent = [], location }: WireCitation,
  path: string,
  add: (text: string, at: string) => TextBlock['text'],
): CitedPassage {
  return {
    ...(title === undefined ? {} : { title: add(title, `${path}/title`) }),
    ...(source === undefined ? {} : { source: add(source, `${path}/source`) }),
    quotes: sourceContent.map(({ text }, index) => add(text, `${path}/sourceContent/${index}/text`)),
    ...(location === undefined ? {} : toLocation(location)),
  };
}

function toLocation(wire: NonNullable<WireCitation['location']>): { readonly location?: CitationLocation } {
  const { documentChar, documentPage, documentChunk } = wire;
  if (documentChar !== undefined) return toRange('characters', documentChar);
  if (documentPage !== undefined) return toRange('pages', documentPage);
  return documentChunk === undefined ? {} : toRange('chunks', documentChunk);
}

function toRange(
  kind: CitationLocation['kind'],
  { documentIndex, start, end }: NonNullable<NonNullable<WireCitation['location']>['documentChar']>,
): { readonly location: CitationLocation } {
  return { location: { kind, document: documentIndex, start, end } };
}
