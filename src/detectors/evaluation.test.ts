import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { FindingType } from '../core/index.ts';
import { detectors } from './detectors.ts';
import { scanText } from './scanner.ts';

// Public data that is measured on and never shipped; where it is not at hand, these tests are skipped.
const shared = resolve(import.meta.dirname, '../../../shared');
const personal = resolve(shared, 'data/eval/pii.jsonl');
const attacks = resolve(shared, 'data/eval/prompt-attack.jsonl');
const secrets = resolve(shared, 'vectors/secrets/samples.json.gz');

const readLines = <T>(file: string, schema: z.ZodType<T>): readonly T[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => schema.parse(JSON.parse(line)));

const personalRow = z.object({
  text: z.string(),
  spans: z.array(z.object({ start: z.number(), end: z.number(), type: z.string() })),
});
const attackRow = z.object({
  text: z.string(),
  label: z.enum(['attack', 'benign']),
  kind: z.string(),
  source: z.string(),
});
const sample = z.object({ text: z.string(), active: z.boolean().optional() });
const samples = z.object({
  rules: z.array(z.object({ truePositives: z.array(sample), falsePositives: z.array(sample) })),
});

const { awsAccessKey, awsSecretKey, privateKey, bearerToken, apiKey, urlCredentials, password } = detectors;
const credentials = [awsAccessKey, awsSecretKey, privateKey, bearerToken, apiKey, urlCredentials, password];
/** What is looked for only where somebody asks for it, and what is measured apart. */
const apart = new Set<FindingType>([
  'ADDRESS',
  'AGE',
  'LICENSE_PLATE',
  'MAC_ADDRESS',
  'NAME',
  'SWIFT_CODE',
  'URL',
  'USERNAME',
  'VEHICLE_IDENTIFICATION_NUMBER',
  'PROMPT_ATTACK',
]);
const masked = Object.values(detectors).filter(({ type }) => !apart.has(type));
const share = (part: number, whole: number) => part / whole;

describe.skipIf(!existsSync(personal))('on the public synthetic personal data', () => {
  const rows = existsSync(personal)
    ? readLines(personal, personalRow).map((row) => ({ ...row, hits: scanText(Object.values(detectors), row.text) }))
    : [];

  it.each([
    ['CREDIT_CARD', 'CREDIT_DEBIT_CARD_NUMBER', 0.85, 0.97],
    ['EMAIL', 'EMAIL', 0.95, 0.95],
    ['PHONE', 'PHONE', 0.85, 0.9],
    ['IBAN', 'INTERNATIONAL_BANK_ACCOUNT_NUMBER', 0.95, 0.8],
    ['IP_ADDRESS', 'IP_ADDRESS', 0.95, 0.95],
    ['URL', 'URL', 0.95, 0.95],
    ['AGE', 'AGE', 0.8, 0.95],
    ['ADDRESS', 'ADDRESS', 0.45, 0.85],
    ['PERSON', 'NAME', 0.25, 0.9],
  ] as const)('finds whole values of %s', (label, type: FindingType, leastRecall, leastPrecision) => {
    let expected = 0;
    let recalled = 0;
    let found = 0;
    let right = 0;
    for (const { spans, ...row } of rows) {
      const values = spans.filter((span) => span.type === label);
      const hits = row.hits.filter((span) => span.type === type);
      expected += values.length;
      found += hits.length;
      recalled += values.filter((value) => hits.some((hit) => hit.start <= value.start && hit.end >= value.end)).length;
      right += hits.filter((hit) => values.some((value) => hit.start < value.end && hit.end > value.start)).length;
    }
    expect(expected).toBeGreaterThan(0);
    expect(share(recalled, expected)).toBeGreaterThanOrEqual(leastRecall);
    expect(share(right, found)).toBeGreaterThanOrEqual(leastPrecision);
  });
});

describe.skipIf(!existsSync(attacks))('on harmless texts', () => {
  it('finds next to nothing that a configuration masks by itself', () => {
    const rows = existsSync(attacks) ? readLines(attacks, attackRow) : [];
    const harmless = rows.filter(({ label }) => label === 'benign');
    const flagged = harmless.filter(({ text }) => scanText(masked, text).length > 0);
    expect(share(flagged.length, harmless.length)).toBeLessThanOrEqual(0.01);
  });
});

describe.skipIf(!existsSync(attacks))('on the public prompt attacks', () => {
  const rows = existsSync(attacks) ? readLines(attacks, attackRow) : [];
  const isFlagged = ({ text }: { readonly text: string }) => scanText([detectors.promptAttack], text).length > 0;
  const rate = (some: readonly z.infer<typeof attackRow>[]) => share(some.filter(isFlagged).length, some.length);

  it('flags few harmless texts', () => {
    expect(rate(rows.filter(({ label }) => label === 'benign'))).toBeLessThanOrEqual(0.01);
    expect(rate(rows.filter(({ source }) => source.includes('NotInject')))).toBeLessThanOrEqual(0.02);
  });

  it('flags some attacks, as a lexicon does', () => {
    expect(rate(rows.filter(({ label, kind }) => label === 'attack' && kind !== 'indirect'))).toBeGreaterThanOrEqual(
      0.15,
    );
  });
});

describe.skipIf(!existsSync(secrets))('on the published examples of secrets', () => {
  it('finds most of them, and less in what only looks like them', () => {
    const { rules } = existsSync(secrets)
      ? samples.parse(JSON.parse(gunzipSync(readFileSync(secrets)).toString('utf8')))
      : { rules: [] };
    const rate = (some: readonly z.infer<typeof sample>[]) =>
      share(some.filter(({ text }) => scanText(credentials, text).length > 0).length, some.length);
    expect(rate(rules.flatMap(({ truePositives }) => truePositives))).toBeGreaterThanOrEqual(0.95);
    expect(rate(rules.flatMap(({ falsePositives }) => falsePositives))).toBeLessThanOrEqual(0.17);
  });
});
