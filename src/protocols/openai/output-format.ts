import type { OutputFormat } from '../../core/index.ts';
import type { Reader } from '../reader.ts';

/** A JSON Schema that an answer is to follow. */
export interface WireSchema {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly strict?: boolean | null | undefined;
}

/** Reads the output format that stands at `path`. */
export function toJsonSchema({ document, parts }: Reader, format: WireSchema, path: string): OutputFormat {
  const origin = 'parameter';
  const { name, description, schema, strict } = format;
  return {
    kind: 'jsonSchema',
    name: parts.add({ kind: 'identifier', origin, path: `${path}/name`, text: name }),
    ...(typeof description === 'string'
      ? { description: parts.add({ kind: 'text', origin, path: `${path}/description`, text: description }) }
      : {}),
    schema: parts.add({ kind: 'json', origin, path: `${path}/schema`, text: document.rawOf(schema) }),
    ...(strict === true ? { strict } : {}),
  };
}
