import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';

// Public data that is measured on and never shipped.
const folder = resolve(import.meta.dirname, '../../../shared/data/eval');

const attackRow = z.object({
  text: z.string(),
  label: z.enum(['attack', 'benign']),
  kind: z.string(),
  source: z.string(),
});
const contentRow = z.object({
  text: z.string(),
  labels: z.array(z.string()),
  unknown: z.array(z.string()),
  source: z.string(),
});

export type AttackRow = z.infer<typeof attackRow>;
export type ContentRow = z.infer<typeof contentRow>;

/** Whether the public data is at hand. */
export function hasPublicData(): boolean {
  return existsSync(folder);
}

export function readAttackRows(): readonly AttackRow[] {
  return readLines('prompt-attack.jsonl', attackRow);
}

export function readContentRows(): readonly ContentRow[] {
  return readLines('moderation.jsonl', contentRow);
}

/** Documents without an attack in them. */
export function readDocuments(): readonly string[] {
  return readLines('indirect-contexts.jsonl', z.object({ text: z.string() })).map(({ text }) => text);
}

function readLines<Row>(file: string, schema: z.ZodType<Row>): readonly Row[] {
  const lines = readFileSync(resolve(folder, file), 'utf8').trim().split('\n');
  return lines.map((line) => schema.parse(JSON.parse(line)));
}
