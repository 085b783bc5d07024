import type { Result } from './assess.ts';
import type { Rule, Severity } from './rule.ts';

const LEVELS = { critical: 'error', high: 'error', medium: 'warning', low: 'note' } as const satisfies Record<
  Severity,
  string
>;

/** As GitHub reads them, from 0 to 10. */
const SCORES = { critical: '9.5', high: '8.0', medium: '5.0', low: '2.0' } as const satisfies Record<Severity, string>;

/** Results in SARIF 2.1.0 (OASIS); passes are not in it, what could not be assessed is there for review. */
export function toSarif(results: readonly Result[], version: string): object {
  const told = results.filter(({ kind }) => kind !== 'pass');
  const rules = [...new Set(told.map(({ rule }) => rule))];
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'sallyport', version, rules: rules.map(toDescriptor) } },
        results: told.map((result) => toFinding(result, rules.indexOf(result.rule))),
      },
    ],
  };
}

function toDescriptor(rule: Rule): object {
  return {
    id: rule.id,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.rationale },
    help: { text: rule.remediation },
    helpUri: rule.source,
    defaultConfiguration: { level: LEVELS[rule.severity] },
    properties: { tags: ['security', ...rule.standards], 'security-severity': SCORES[rule.severity] },
  };
}

function toFinding({ kind, rule, resource, path, message, file }: Result, ruleIndex: number): object {
  const isFailed = kind === 'fail';
  return {
    ruleId: rule.id,
    ruleIndex,
    kind: isFailed ? 'fail' : 'review',
    level: isFailed ? LEVELS[rule.severity] : 'none',
    message: { text: isFailed ? message : `could not be assessed: ${message}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: file }, region: { startLine: resource.line } },
        logicalLocations: [
          { fullyQualifiedName: [resource.id, path].filter((part) => part !== '').join('.'), kind: 'resource' },
        ],
      },
    ],
  };
}
