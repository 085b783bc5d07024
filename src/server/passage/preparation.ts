import {
  type DocumentBlock,
  type DocumentFile,
  type DocumentReader,
  type Exchange,
  GatewayError,
  type InvokingAction,
  type Part,
  type PartIndex,
  type ReadRequest,
  type ReasoningBlock,
  type SentFile,
} from '../../core/index.ts';
import { createCallSignal } from './call-signal.ts';
import { type AnyBlock, blocksOf, conversationOf, withBlocks } from './conversation-blocks.ts';
import type { ClientSignal } from './outlet.ts';
import type { PassageOptions, PassRequest } from './passage.ts';
import type { ReasoningSeals } from './reasoning-seal.ts';
import { checkUninspected } from './uninspected.ts';

export type PreparationOptions = Pick<PassageOptions, 'models' | 'authorizer' | 'seals' | 'documents'>;

/** Milliseconds that taking the text out of all documents of a request may take. */
const DOCUMENTS_TIMEOUT_MS = 30_000;
/** Tells the model, in the place of pictures that nobody could inspect. */
const LEFT_OUT = '[The pictures of this document were left out.]';

/**
 * Makes the exchange of a request: its model exists, its caller may use it, nothing in it goes out uninspected that may
 * not, reasoning that came back is opened, and documents have their text.
 *
 * Throws `modelNotFound`, `forbidden` or `uninspectable`. A promise comes back only where documents have to be read.
 */
export function prepareExchange(
  request: PassRequest,
  options: PreparationOptions,
  client: ClientSignal,
): Exchange | Promise<Exchange> {
  const { id, caller, protocol, operation, read, traceparent } = request;
  const { authorizer, seals } = options;
  const model = options.models.get(read.model);
  if (model === undefined) throw new GatewayError('modelNotFound');
  const action = actionOf(read);
  if (!authorizer.decide({ caller, action, model: model.id }).allowed) throw new GatewayError('forbidden');
  const exchange: Exchange = {
    id,
    caller,
    protocol: protocol.name,
    operation,
    action,
    model,
    request: read.request,
    parts: read.parts,
    findings: [],
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  if (!hasMoreThanText(exchange)) return exchange;
  const { filesMayGo } = checkUninspected(exchange.request, { caller, model, authorizer });
  const opened = withOpenedReasoning({ ...exchange, ...filesOf(exchange) }, seals);
  return hasFiles(opened) ? withDocumentTexts(opened, { ...options, filesMayGo }, client) : opened;
}

function actionOf({ action, stream }: ReadRequest): InvokingAction {
  return action ?? (stream ? 'InvokeModelWithResponseStream' : 'InvokeModel');
}

/** Whether there is anything to prepare: most requests are text and tool calls. */
function hasMoreThanText({ request }: Exchange): boolean {
  const conversation = conversationOf(request);
  if (conversation === undefined) return false;
  if (conversation.providerTools !== undefined) return true;
  for (const block of blocksOf(conversation)) if (isMoreThanText(block)) return true;
  return false;
}

function isMoreThanText({ kind }: AnyBlock): boolean {
  return kind === 'media' || kind === 'reference' || kind === 'document' || kind === 'reasoning';
}

function filesOf({ request }: Exchange): Pick<Exchange, 'files'> {
  const conversation = conversationOf(request);
  const files: SentFile[] = [];
  for (const block of conversation === undefined ? [] : blocksOf(conversation)) {
    if (block.kind === 'media') files.push({ kind: block.modality, format: block.format, bytes: block.bytes });
    else if (block.kind === 'document' && block.bytes !== undefined) {
      files.push({ kind: block.kind, format: block.format, bytes: block.bytes });
    }
  }
  return files.length === 0 ? {} : { files };
}

/** Puts in the place of each token what it seals. The model's own words are not rewritten: its signature covers them. */
function withOpenedReasoning(exchange: Exchange, seals: ReasoningSeals): Exchange {
  const parts: Part[] = [...exchange.parts];
  const reasoning = (block: ReasoningBlock): ReasoningBlock => {
    if (block.proof === undefined) return block;
    if (block.proof.kind !== 'sealed') throw new GatewayError('internal');
    const shown = block.text === undefined ? undefined : parts[block.text];
    const { text, proof } = seals.open(block.proof.token, shown?.text, exchange);
    if (text === undefined) return { ...block, proof };
    const part: Part = { kind: 'sealed', origin: 'assistant', path: shown?.path ?? '', text };
    if (block.text === undefined) return { ...block, proof, text: (parts.push(part) - 1) as PartIndex };
    parts[block.text] = part;
    return { ...block, proof };
  };
  return { ...exchange, request: withBlocks(exchange.request, { reasoning }), parts };
}

function hasFiles({ request }: Exchange): boolean {
  const conversation = conversationOf(request);
  for (const block of conversation === undefined ? [] : blocksOf(conversation)) {
    if (block.kind === 'document' && block.bytes !== undefined) return true;
  }
  return false;
}

interface Reading {
  readonly documents: DocumentReader;
  readonly filesMayGo: boolean;
}

async function withDocumentTexts(exchange: Exchange, reading: Reading, client: ClientSignal): Promise<Exchange> {
  const conversation = conversationOf(exchange.request);
  const files = [...(conversation === undefined ? [] : blocksOf(conversation))].filter(
    (block): block is DocumentBlock => block.kind === 'document' && block.bytes !== undefined,
  );
  const parts: Part[] = [...exchange.parts];
  const read = new Map<DocumentBlock, DocumentBlock>();
  const { signal, release } = createCallSignal(client, DOCUMENTS_TIMEOUT_MS);
  try {
    for (const file of files) read.set(file, await withText(file, parts, { ...reading, signal }));
  } finally {
    release();
  }
  const request = withBlocks(exchange.request, { document: (block) => read.get(block) ?? block });
  return { ...exchange, request, parts };
}

async function withText(
  file: DocumentBlock,
  parts: Part[],
  { documents, filesMayGo, signal }: Reading & { readonly signal: AbortSignal },
): Promise<DocumentBlock> {
  const { bytes, ...block } = file;
  if (bytes === undefined) return file;
  const { pieces, hasUninspected } = await documents.read({ format: toFileFormat(file.format), bytes }, signal);
  // A scan has no text: what would go in its place says nothing.
  if (pieces.length === 0 && !filesMayGo)
    throw new GatewayError('uninspectable', { detail: 'a document without text' });
  const shown = hasUninspected && !filesMayGo ? [...pieces, LEFT_OUT] : pieces;
  const text = shown.map((piece): PartIndex => {
    const part: Part = { kind: 'text', origin: 'document', path: '', text: piece };
    return (parts.push(part) - 1) as PartIndex;
  });
  return { ...block, text, ...(filesMayGo ? { bytes } : {}) };
}

/** Protocols read the formats that are text themselves without bytes. */
function toFileFormat(format: DocumentBlock['format']): DocumentFile['format'] {
  switch (format) {
    case 'txt':
    case 'md':
    case 'csv':
      throw new GatewayError('internal');
    default:
      return format;
  }
}
