import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Finding, Tool } from './finding.ts';

/**
 * A finding that stands: why, of which resources, and the test that holds what makes it right. Without a test it would
 * be an excuse.
 */
export interface Acknowledgement {
  readonly tool: Tool;
  readonly rule: string;
  /** Without the environment, where there is one: `network` of `Sallyport-prod-network`, `bootstrap`. */
  readonly stack: string;
  /** Logical ids, each in full. */
  readonly resources: readonly string[];
  readonly reason: string;
  readonly test: {
    /** From the root of the repository. */
    readonly file: string;
    /** The test's own words. */
    readonly name: string;
  };
}

export interface Judgement {
  /** Findings that nobody answers for. */
  readonly open: readonly Finding[];
  /** What is acknowledged and was not found, and acknowledgements without a test that is there. In words. */
  readonly stale: readonly string[];
}

const root = resolve(import.meta.dirname, '../../..');

/** Holds findings against what is acknowledged. With `tools` only those tools ran: of others nothing is stale. */
export function judge(
  findings: readonly Finding[],
  { acknowledgements, ran }: { readonly acknowledgements: readonly Acknowledgement[]; readonly ran: readonly Tool[] },
): Judgement {
  const known = new Map(
    acknowledgements.flatMap((one) => one.resources.map((resource) => [keyOf({ ...one, resource }), one])),
  );
  const found = new Set(findings.map((one) => keyOf({ ...one, stack: partOf(one.stack) })));
  const unused = [...known]
    .filter(([key, { tool }]) => ran.includes(tool) && !found.has(key))
    .map(([key]) => `${key} is acknowledged and was not found`);
  const untested = acknowledgements.flatMap((one) => {
    const problem = testProblem(one);
    return problem === undefined ? [] : [`${one.tool} ${one.rule} of ${one.stack}: ${problem}`];
  });
  const open = findings.filter((one) => !known.has(keyOf({ ...one, stack: partOf(one.stack) })));
  return { open, stale: [...unused, ...untested] };
}

const keyOf = ({ tool, rule, stack, resource }: Pick<Finding, 'tool' | 'rule' | 'stack' | 'resource'>) =>
  [tool, rule, stack, resource].join(' ');

const partOf = (stack: string) => stack.replace(/^Sallyport-(?:[^-]+-)?/, '');

/** A test is there when its file has its words as the title of one. */
function testProblem({ test: { file, name } }: Acknowledgement): string | undefined {
  let text: string;
  try {
    text = readFileSync(resolve(root, file), 'utf8');
  } catch {
    return `there is no file \`${file}\``;
  }
  const titles = [...text.matchAll(/\b(?:it|test)(?:\.each\([\s\S]*?\))?\(\s*(['"`])([\s\S]*?)\1\s*,/g)];
  return titles.some(([, , title]) => title === name) ? undefined : `\`${file}\` has no test \`${name}\``;
}
