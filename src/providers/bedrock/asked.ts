import { type Conversation, documentsOf, type Exchange, textOf } from '../../core/index.ts';
import { documentText } from './content-text.ts';

/** What must be known of a request to read its answer. */
export interface Asked {
  /** Given where the request had only one: the API does not say at which sequence an answer stopped. */
  readonly stopSequence?: string;
  /** Whether the model may call tools at the provider; what they did is then left out of the answer. */
  readonly hasProviderTools: boolean;
  /** The text of a document as it was sent, counted from 0 in reading order; undefined where it went as a file. */
  documentText(index: number): string | undefined;
  /** Documents of the request, references to some included. */
  readonly documents: number;
}

export function createAsked(exchange: Exchange, request: Conversation): Asked {
  const { inference, providerTools = [] } = request;
  const documents = documentsOf(request);
  return {
    ...onlyStopSequence(exchange, inference),
    hasProviderTools: providerTools.length > 0,
    documents: documents.length,
    documentText(index) {
      const document = documents[index];
      return document?.kind === 'document' && document.text.length > 0 ? documentText(exchange, document) : undefined;
    },
  };
}

/** The one stop sequence of a request as a member, if it has one and no other. */
export function onlyStopSequence(
  exchange: Exchange,
  { stopSequences = [] }: Pick<Conversation['inference'], 'stopSequences'>,
): { readonly stopSequence?: string } {
  const [first, ...others] = stopSequences;
  return first === undefined || others.length > 0 ? {} : { stopSequence: textOf(exchange, first) };
}
