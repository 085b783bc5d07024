import {
  type Conversation,
  createPartList,
  type Inference,
  type JsonDocument,
  type NamedGuardrail,
  type OutputFormat,
  type Part,
  type PartIndex,
} from '../../core/index.ts';
import { toNamedGuardrail } from '../guardrail-headers.ts';
import type { Reader } from '../reader.ts';
import { parseShape } from '../shape.ts';
import { assertCarriedFields } from './additional-fields.ts';
import { toMessage, toSystemBlock } from './converse-content.ts';
import {
  type ConverseBody,
  converseRequest,
  novaRequest,
  type WireGuardrailConfig,
  type WireTextFormat,
} from './converse-schema.ts';
import { toTools } from './converse-tools.ts';
import { objectText } from './object-text.ts';
import { type ClaudeOutput, onlyOne, splitOutput } from './output-fields.ts';
import { splitReasoning, toEffort, withEffort } from './reasoning-fields.ts';
import type { ResponseFieldPath } from './response-fields.ts';

/** A conversation read from a body: its structure, and every text in it. */
export interface ReadConversation {
  readonly request: Conversation;
  readonly parts: readonly Part[];
}

/** A body of `Converse`, and which fields of the model's own its answer is to have. */
export interface ReadConverse extends ReadConversation {
  readonly responseFields: readonly ResponseFieldPath[];
  readonly guardrail?: NamedGuardrail;
}

/** Reads a body of `Converse`. Throws `invalidRequest`, `unsupported` or `uninspectable`. */
export function readConverse(document: JsonDocument): ReadConverse {
  const {
    additionalModelResponseFieldPaths: responseFields = [],
    guardrailConfig,
    ...body
  } = parseShape(converseRequest, document.value);
  const guardrail = toGuardrail(guardrailConfig);
  const read = { ...toConversation(document, body), responseFields };
  return guardrail === undefined ? read : { ...read, guardrail };
}

const traces = { enabled: 'found', enabled_full: 'full', disabled: undefined } as const;

/** Undefined where none is named; an empty configuration names none. */
function toGuardrail(config: WireGuardrailConfig = {}): NamedGuardrail | undefined {
  const { guardrailIdentifier: identifier = '', guardrailVersion: version = '', trace = 'disabled' } = config;
  if (identifier === '' && version === '') return undefined;
  return toNamedGuardrail({ identifier, version }, traces[trace]);
}

/** Reads a body of `InvokeModel` for an Amazon Nova model. Throws `invalidRequest`, `unsupported` or `uninspectable`. */
export function readNova(document: JsonDocument): ReadConversation {
  const { schemaVersion, ...body } = parseShape(novaRequest, document.value);
  return toConversation(document, body);
}

/** Gathers the parts of a body, which is of `document`, in reading order. */
export function toConversation(document: JsonDocument, body: ConverseBody): ReadConversation {
  const reader: Reader = { document, parts: createPartList() };
  const { output, rest: others } = splitOutput(body.additionalModelRequestFields ?? {});
  const { reasoning, rest } = splitReasoning(others);
  const request: Conversation = {
    kind: 'conversation',
    system: (body.system ?? []).map((block, index) => toSystemBlock(reader, block, `/system/${index}`)),
    messages: body.messages.map((message, index) => toMessage(reader, message, `/messages/${index}/content`)),
    ...toTools(reader, body.toolConfig),
    inference: toInference(reader, body, { reasoning, output }),
    ...toAdditionalFields(reader, { given: body.additionalModelRequestFields, rest }),
    metadata: toMetadata(reader, body.requestMetadata ?? {}),
  };
  return { request, parts: reader.parts.parts };
}

/** What additional fields say that Converse has places of its own for. */
interface Additional {
  readonly reasoning: Inference['reasoning'];
  readonly output: ClaudeOutput;
}

function toInference(reader: Reader, body: ConverseBody, additional: Additional): Inference {
  const { maxTokens, temperature, topP, topK, stopSequences: texts, reasoningConfig } = body.inferenceConfig ?? {};
  const { effort: ownEffort, textFormat } = body.outputConfig ?? {};
  const { effort: otherEffort, format } = additional.output;
  const stopSequences = texts?.map((text, index) =>
    reader.parts.add({ kind: 'text', origin: 'parameter', path: `/inferenceConfig/stopSequences/${index}`, text }),
  );
  const own = reasoningConfig === undefined ? additional.reasoning : toEffort(reasoningConfig);
  const reasoning = withEffort(own, onlyOne(ownEffort, otherEffort));
  const outputFormat = onlyOne(
    textFormat && toOutputFormat(reader, textFormat),
    format && toClaudeFormat(reader, format.schema),
  );
  return {
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(topK === undefined ? {} : { topK }),
    ...(stopSequences === undefined ? {} : { stopSequences }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(outputFormat === undefined ? {} : { outputFormat }),
  };
}

/** Reads the form an answer is to have. */
function toOutputFormat({ parts }: Reader, { structure }: WireTextFormat): OutputFormat {
  const { schema, name, description } = structure.jsonSchema;
  const path = '/outputConfig/textFormat/structure/jsonSchema';
  const add = (kind: 'text' | 'json', member: string, text: string): PartIndex =>
    parts.add({ kind, origin: 'parameter', path: `${path}/${member}`, text });
  return {
    kind: 'jsonSchema',
    ...(name === undefined ? {} : { name: add('text', 'name', name) }),
    ...(description === undefined ? {} : { description: add('text', 'description', description) }),
    schema: add('json', 'schema', objectText(schema, 'jsonSchema.schema')),
  };
}

function toClaudeFormat({ document, parts }: Reader, schema: object): OutputFormat {
  const path = '/additionalModelRequestFields/output_config/format/schema';
  const text = document.rawOf(schema);
  return { kind: 'jsonSchema', schema: parts.add({ kind: 'json', origin: 'parameter', path, text }) };
}

interface AdditionalFields {
  readonly given: object | undefined;
  /** Without those that were read field by field. */
  readonly rest: Readonly<Record<string, unknown>>;
}

function toAdditionalFields({ document, parts }: Reader, { given, rest }: AdditionalFields) {
  assertCarriedFields(rest);
  if (given === undefined || (given !== rest && Object.keys(rest).length === 0)) return {};
  const text = given === rest ? document.rawOf(given) : JSON.stringify(rest);
  const path = '/additionalModelRequestFields';
  return { additionalFields: parts.add({ kind: 'json', origin: 'parameter', path, text }) };
}

/** Keys and values are bounded by the same pattern, which a mask's tag would break: neither can be rewritten. */
function toMetadata({ parts }: Reader, entries: Readonly<Record<string, string>>): Conversation['metadata'] {
  return Object.entries(entries).map(([key, text]) => {
    const path = `/requestMetadata/${key.replaceAll('/', '~1')}`;
    return {
      key: parts.add({ kind: 'identifier', origin: 'metadata', path, text: key }),
      value: parts.add({ kind: 'identifier', origin: 'metadata', path, text }),
    };
  });
}
