import {
  type Authorizer,
  type Caller,
  GatewayError,
  type Model,
  type ModelRequest,
  type Uninspected,
} from '../../core/index.ts';
import { blocksOf, conversationOf } from './conversation-blocks.ts';

/** Who would send something, and to which model. */
export interface Sending {
  readonly caller: Caller;
  readonly model: Model;
  readonly authorizer: Authorizer;
}

/**
 * Throws `uninspectable` for media and references that no policy lets through or the provider's terms do not cover. Says
 * whether files of documents may go as they are; where not, their text goes in their place.
 */
export function checkUninspected(request: ModelRequest, sending: Sending): { readonly filesMayGo: boolean } {
  const { media, references, hasFiles } = uninspectedOf(request);
  demand(media, 'SendUninspectedMedia', sending);
  demand(references, 'SendUninspectedReference', sending);
  return { filesMayGo: hasFiles && mayGo(['document'], 'SendUninspectedMedia', sending) };
}

type UninspectedAction = 'SendUninspectedMedia' | 'SendUninspectedReference';

interface Found {
  readonly media: readonly Uninspected[];
  readonly references: readonly Uninspected[];
  readonly hasFiles: boolean;
}

function uninspectedOf(request: ModelRequest): Found {
  const media = new Set<Uninspected>();
  const references = new Set<Uninspected>();
  let hasFiles = false;
  const conversation = conversationOf(request);
  if (conversation?.providerTools !== undefined) references.add('providerTool');
  for (const block of conversation === undefined ? [] : blocksOf(conversation)) {
    if (block.kind === 'media') media.add(block.modality);
    else if (block.kind === 'reference') references.add(block.source.kind);
    else if (block.kind === 'document' && block.bytes !== undefined) hasFiles = true;
  }
  return { media: [...media], references: [...references], hasFiles };
}

function demand(uninspected: readonly Uninspected[], action: UninspectedAction, sending: Sending): void {
  if (uninspected.length === 0 || mayGo(uninspected, action, sending)) return;
  const detail = `${uninspected.join(', ')}: no policy that names \`${action}\` and no agreement with the provider lets it pass`;
  throw new GatewayError('uninspectable', { detail });
}

function mayGo(
  uninspected: readonly Uninspected[],
  action: UninspectedAction,
  { caller, model, authorizer }: Sending,
): boolean {
  if (model.acceptsUninspected !== true) return false;
  return authorizer.decide({ caller, action, model: model.id, uninspected }).allowed;
}
