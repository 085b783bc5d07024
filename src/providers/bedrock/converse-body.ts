import { type Conversation, type Exchange, GatewayError, type Inference, textOf } from '../../core/index.ts';
import { createContentPrinter } from './content-text.ts';
import { additionalFieldsText } from './family-fields.ts';
import { notSent, refuseOthers } from './not-sent.ts';
import { outputConfigText } from './output-config.ts';
import { guardrailConfigText } from './remote-guardrail.ts';
import { requestMetadataText } from './request-metadata.ts';
import { toolConfigText } from './tool-config.ts';
import { toTurns, withoutBlanks } from './turns.ts';

/**
 * The JSON text of a `Converse` or `ConverseStream` body, printed from an exchange's parts alone. Raw JSON (tool
 * arguments and results, schemas) stands in it byte for byte. Throws `unsupported` for what Converse, or the model's
 * family there, has no field for, and `invalidRequest` for metadata under a reserved key.
 *
 * Adjacent turns of one role become one, because the API demands that roles alternate; blank texts are left out, because
 * it takes none there. In tool results it takes them.
 */
export function converseBodyText(exchange: Exchange, request: Conversation): string {
  return printed([
    ...conversationMembers(exchange, request),
    inferenceText(exchange, request.inference),
    outputConfigText(exchange, request.inference),
    requestMetadataText(exchange, request.metadata),
    guardrailConfigText(exchange),
  ]);
}

/**
 * The JSON text of what `CountTokens` counts of a conversation. What steers the sampling of an answer adds no tokens and
 * is left out; an output format does, and has no field: it is refused with `unsupported`, as is metadata.
 */
export function countedConversationText(exchange: Exchange, request: Conversation): string {
  if (request.inference.outputFormat !== undefined) throw notSent('`outputFormat` in a count of tokens');
  if (request.metadata.length > 0) throw notSent('metadata in a count of tokens');
  return printed(conversationMembers(exchange, request));
}

function printed(members: readonly string[]): string {
  return `{${members.filter((member) => member !== '').join()}}`;
}

/** What `Converse` and `CountTokens` have in common. */
function conversationMembers(exchange: Exchange, request: Conversation): readonly string[] {
  const printer = createContentPrinter(exchange, request);
  const turns = toTurns(exchange, request.messages).map(
    ({ role, content }) => `{"role":"${role}","content":[${printer.blocks(content)}]}`,
  );
  if (turns.length === 0)
    throw new GatewayError('invalidRequest', { detail: 'no message holds more than white space' });
  const system = withoutBlanks(exchange, request.system);
  return [
    `"messages":[${turns.join()}]`,
    system.length === 0 ? '' : `"system":[${printer.blocks(system)}]`,
    toolConfigText(exchange, request),
    additionalFieldsText(exchange, request),
  ];
}

const SENT = ['maxTokens', 'temperature', 'topP', 'topK', 'stopSequences', 'reasoning', 'outputFormat'];

function inferenceText(exchange: Exchange, inference: Inference): string {
  refuseOthers(inference, SENT, 'for a model on Amazon Bedrock');
  const { maxTokens, temperature, topP, stopSequences = [] } = inference;
  if (temperature !== undefined && temperature > 1) throw notSent('a `temperature` above 1');
  const config = {
    maxTokens,
    temperature,
    topP,
    stopSequences: stopSequences.length === 0 ? undefined : stopSequences.map((index) => textOf(exchange, index)),
  };
  const text = JSON.stringify(config);
  return text === '{}' ? '' : `"inferenceConfig":${text}`;
}
