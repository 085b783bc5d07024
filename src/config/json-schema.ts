import { z } from 'zod';
import { configShape } from './schema.ts';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** JSON Schema (draft 7, which YAML editors read) of what may stand in `sallyport.yaml`. */
export function configJsonSchema(): JsonSchema {
  return z.toJSONSchema(configShape, { target: 'draft-7', io: 'input' });
}

/** The keys that may stand in the object at a path; of a choice between forms, those of all. */
export function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  let nodes = alternatives(configJsonSchema());
  for (const key of path) {
    nodes = nodes.flatMap((node) =>
      alternatives(typeof key === 'number' ? node.items : node.properties?.[String(key)]),
    );
  }
  return [...new Set(nodes.flatMap((node) => Object.keys(node.properties ?? {})))];
}

function alternatives(node: unknown): readonly JsonSchema[] {
  if (!isSchema(node)) return [];
  return [node, ...[...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap(alternatives)];
}

function isSchema(node: unknown): node is JsonSchema {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}
