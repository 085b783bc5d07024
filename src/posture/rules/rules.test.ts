import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { assess } from '../assess.ts';
import { policiesOf } from '../policies.ts';
import { readServiceActions, type ServiceActions } from '../service-actions.ts';
import { parseTemplate } from '../template.ts';
import { type Example, examples } from './examples.suite.ts';
import { servicesOf } from './iam/services.ts';
import { rules } from './rules.ts';

const toTemplate = ({ resources, more }: Example) =>
  parseTemplate(JSON.stringify({ ...more, Resources: resources }, undefined, 2), 'example.json');

let actions: ServiceActions | undefined;

beforeAll(async () => {
  const every = Object.values(examples).flatMap(({ fails, passes, unassessed = [] }) => [
    ...fails,
    ...passes,
    ...unassessed,
  ]);
  actions = await readServiceActions(every.flatMap((one) => [...servicesOf(policiesOf(toTemplate(one)))]));
});

/** The kinds of what a rule says of an example, each once. */
async function kindsOf(id: string, one: Example): Promise<readonly string[]> {
  const rule = rules.filter((candidate) => candidate.id === id);
  const results = await assess([toTemplate(one)], { rules: rule, actions, claims: one.claims ?? {} });
  return [...new Set(results.map(({ kind }) => kind))];
}

describe('the rules', () => {
  it('have examples each, and no example is of a rule that is not there', () => {
    expect(Object.keys(examples).toSorted()).toEqual(rules.map(({ id }) => id).toSorted());
    for (const [id, { fails, passes, unassessed }] of Object.entries(examples)) {
      if (id === 'cloudformation-readable') expect(unassessed?.length).toBeGreaterThan(0);
      else expect([id, fails.length > 0, passes.length > 0]).toEqual([id, true, true]);
    }
  });

  it('stand in the reference with severity and title, in order, and no other does', () => {
    const page = readFileSync(resolve(import.meta.dirname, '../../../docs/reference/aws-rules.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `([a-z0-9-]+)` \| (\w+) \| ([^|]+) \| ([^|]+) \| (\w+) \|$/gm)];
    expect(rows.map(([, ...row]) => row.map((cell) => cell.trim()))).toEqual(
      rules.map(({ id, severity, title, standards, guard }) => [
        id,
        severity,
        title,
        standards.join(', '),
        guard === undefined ? 'no' : 'yes',
      ]),
    );
  });

  it('say why, what to do and where that is from, under ids that begin with their folder', () => {
    for (const rule of rules) {
      expect(rule.source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
      expect(rule.rationale.length, rule.id).toBeGreaterThan(60);
      expect(rule.remediation.length, rule.id).toBeGreaterThan(20);
      expect(rule.standards.join(' '), rule.id).toMatch(
        /^(?:GEN(?:SEC|OPS|REL)[0-9]{2}-BP[0-9]{2}|LLM(?:0[1-9]|10)| )+$/,
      );
    }
  });

  for (const [id, { fails, passes, unassessed = [] }] of Object.entries(examples)) {
    describe(id, () => {
      it.each(fails.map((one, index) => [index, one] as const))('fails example %i', async (_index, one) => {
        expect(await kindsOf(id, one)).toContain('fail');
      });

      it.each(passes.map((one, index) => [index, one] as const))('passes example %i', async (_index, one) => {
        expect((await kindsOf(id, one)).filter((kind) => kind !== 'pass')).toEqual([]);
      });

      it.each(unassessed.map((one, index) => [index, one] as const))(
        'does not pass unread example %i',
        async (_index, one) => {
          expect(await kindsOf(id, one)).toContain('unassessed');
        },
      );
    });
  }

  it('do not pass IAM policies where the data of AWS is not installed', async () => {
    const template = toTemplate(examples['iam-phantom-action']?.passes[0] ?? { resources: {} });
    const results = await assess([template], { actions: undefined });
    const about = results.filter(({ rule }) => /^iam-(?:phantom|undefined)/.test(rule.id));
    expect(about.length).toBeGreaterThanOrEqual(3);
    expect([...new Set(about.map(({ kind }) => kind))]).toEqual(['unassessed']);
  });

  it('see tenants of one deployment in two templates', async () => {
    const [both] = examples['iam-tenant-overlap']?.fails ?? [];
    const { One, Two } = both?.resources ?? {};
    if (One === undefined || Two === undefined) throw new Error('no two tenants');
    const apart = [toTemplate({ resources: { One } }), toTemplate({ resources: { Two } })];
    const results = await assess(apart, { rules: rules.filter(({ id }) => id === 'iam-tenant-overlap'), actions });
    expect(results.map(({ kind }) => kind)).toEqual(['fail', 'fail']);
  });

  it('claim nothing of Regions where nothing is claimed', async () => {
    const template = toTemplate(examples['bedrock-model-residency']?.fails[0] ?? { resources: {} });
    const results = await assess([template], { actions });
    expect(results.filter(({ rule }) => rule.id.endsWith('-residency'))).toEqual([]);
  });
});
