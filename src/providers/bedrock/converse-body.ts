import {
  type Block,
  type Conversation,
  type Exchange,
  GatewayError,
  type Inference,
  type Part,
  type PartIndex,
  textOf,
} from '../../core/index.ts';
import { isOfFamily } from './model-family.ts';
import { requestMetadataText } from './request-metadata.ts';
import { toolConfigText } from './tool-config.ts';
import { toTurns, withoutBlanks } from './turns.ts';

/**
 * The JSON text of a `Converse` or `ConverseStream` body, printed from an exchange's parts alone. Raw JSON (tool
 * arguments and results, schemas) stands in it byte for byte. Throws `unsupported` for what a model's family has no
 * field for, and `invalidRequest` for metadata under a reserved key.
 *
 * Adjacent turns of one role become one, because the API demands that roles alternate; blank texts are left out, because
 * it takes none there. In tool results it takes them.
 */
export function converseBodyText(exchange: Exchange, request: Conversation): string {
  const { messages, inference } = request;
  const system = withoutBlanks(exchange, request.system);
  const turns = toTurns(exchange, messages).map(
    ({ role, content }) => `{"role":"${role}","content":[${blocksText(exchange, content)}]}`,
  );
  const members = [
    `"messages":[${turns.join()}]`,
    system.length === 0 ? '' : `"system":[${blocksText(exchange, system)}]`,
    inferenceText(exchange, inference),
    toolConfigText(exchange, request),
    additionalFieldsText(exchange, request),
    requestMetadataText(exchange, request.metadata),
  ];
  return `{${members.filter((member) => member !== '').join()}}`;
}

function blocksText(exchange: Exchange, blocks: readonly Block[]): string {
  return blocks.map((block) => blockText(exchange, block)).join();
}

function blockText(exchange: Exchange, block: Block): string {
  const quoted = (index: PartIndex) => JSON.stringify(textOf(exchange, index));
  switch (block.kind) {
    case 'text':
      return `{"text":${quoted(block.text)}}`;
    case 'toolUse': {
      const input = textOf(exchange, block.arguments);
      return `{"toolUse":{"toolUseId":${quoted(block.id)},"name":${quoted(block.name)},"input":${input}}}`;
    }
    case 'toolResult': {
      const content = block.content.map((index) => resultText(exchange.parts[index])).join();
      const status = block.failed ? ',"status":"error"' : '';
      return `{"toolResult":{"toolUseId":${quoted(block.id)},"content":[${content}]${status}}}`;
    }
    case 'cachePoint':
      return '{"cachePoint":{"type":"default"}}';
    default:
      return block satisfies never;
  }
}

function resultText(part: Part | undefined): string {
  if (part === undefined) throw new RangeError('a request refers to a part it does not have');
  return part.kind === 'json' ? `{"json":${part.text}}` : `{"text":${JSON.stringify(part.text)}}`;
}

function inferenceText(exchange: Exchange, inference: Inference): string {
  const { maxTokens, temperature, topP, stopSequences = [] } = inference;
  const config = {
    maxTokens,
    temperature,
    topP,
    stopSequences: stopSequences.length === 0 ? undefined : stopSequences.map((index) => textOf(exchange, index)),
  };
  const text = JSON.stringify(config);
  return text === '{}' ? '' : `"inferenceConfig":${text}`;
}

/** Fields outside of Converse: the caller's own, or `topK` by the name its model's family has for it. */
function additionalFieldsText(exchange: Exchange, { additionalFields, inference }: Conversation): string {
  const { topK } = inference;
  if (topK === undefined) {
    return additionalFields === undefined ? '' : `"additionalModelRequestFields":${textOf(exchange, additionalFields)}`;
  }
  if (additionalFields !== undefined) throw new GatewayError('unsupported', { detail: 'topK beside model fields' });
  if (isOfFamily(exchange.model, 'anthropic.')) return `"additionalModelRequestFields":{"top_k":${topK}}`;
  if (isOfFamily(exchange.model, 'amazon.nova-'))
    return `"additionalModelRequestFields":{"inferenceConfig":{"topK":${topK}}}`;
  throw new GatewayError('unsupported', { detail: 'topK for a model of this family' });
}
