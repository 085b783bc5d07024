import { GatewayError, type PartList, parseJson, type Tool, type ToolUseBlock } from '../../core/index.ts';
import type { Reader } from '../reader.ts';

/** A function that a model may call, as both operations have it. */
export interface WireFunction {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | null | undefined;
  readonly strict?: boolean | null | undefined;
}

/** The schema of a function without parameters, which takes none. */
const NO_PARAMETERS = '{"type":"object","properties":{}}';

/** Reads the function that stands at `path`. */
export function toTool({ document, parts }: Reader, definition: WireFunction, path: string): Tool {
  const origin = 'toolDefinition';
  const { name, description, parameters, strict } = definition;
  const schema = parameters ? document.rawOf(parameters) : NO_PARAMETERS;
  return {
    name: parts.add({ kind: 'identifier', origin, path: `${path}/name`, text: name }),
    ...(typeof description === 'string'
      ? { description: parts.add({ kind: 'text', origin, path: `${path}/description`, text: description }) }
      : {}),
    schema: parts.add({ kind: 'json', origin, path: `${path}/parameters`, text: schema }),
    ...(strict === true ? { strict } : {}),
  };
}

/** A call that a model made, and the path of each of its fields. */
type CallFields = Readonly<Record<'id' | 'name' | 'arguments', string>>;

export function toToolUse(parts: PartList, call: CallFields, paths: CallFields): ToolUseBlock {
  const origin = 'toolCall';
  assertObject(call.arguments);
  return {
    kind: 'toolUse',
    id: parts.add({ kind: 'identifier', origin, path: paths.id, text: call.id }),
    name: parts.add({ kind: 'identifier', origin, path: paths.name, text: call.name }),
    arguments: parts.add({ kind: 'json', origin, path: paths.arguments, text: call.arguments }),
  };
}

/** Throws `invalidRequest` unless the arguments, JSON within a string, are an object: only then can they be inspected. */
function assertObject(raw: string): void {
  const detail = 'the `arguments` of a tool call are not the text of a JSON object';
  let value: unknown;
  try {
    ({ value } = parseJson(raw));
  } catch (cause) {
    throw new GatewayError('invalidRequest', { detail, cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new GatewayError('invalidRequest', { detail });
  }
}
