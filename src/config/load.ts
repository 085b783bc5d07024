import { dirname, resolve } from 'node:path';
import { type Config, type PolicyText, toConfig } from './config.ts';
import { ConfigError, type Problem, toConfigError } from './config-error.ts';
import { findDynamoDBProblems } from './dynamodb-problems.ts';
import { findExposureProblems } from './exposure.ts';
import { findFipsProblems } from './fips.ts';
import { findFrontDoorProblems } from './front-door.ts';
import { findGuardrailProblems, type GuardrailConfig, readGuardrail } from './guardrails.ts';
import { toProblems } from './issues.ts';
import { findReferenceProblems } from './references.ts';
import { type ConfigShape, configShape } from './schema.ts';
import { findSecrets } from './secret-patterns.ts';
import { findLiteralSecrets } from './secrets.ts';
import { findRoleProblems } from './tenant-roles.ts';
import { MAX_BYTES, readTextFile, reasonOf, TOO_LARGE } from './text-file.ts';
import { findVerifierKeyProblems } from './verifier-keys.ts';
import { readYaml, type YamlDocument } from './yaml-document.ts';

export interface ParseOptions {
  /** Of the file the text is from: problems begin with it, and relative paths in the text start at its directory. */
  readonly path: string;
  /** Reads a file of policies by its absolute path; throws where it cannot. Default: from the disk. */
  readonly readFile?: (path: string) => string;
}

/** Reads a `sallyport.yaml` and the policy files it names. Rejects with a `ConfigError` that lists all problems. */
export async function loadConfig(path: string): Promise<Config> {
  let text: string;
  try {
    text = readTextFile(path);
  } catch (cause) {
    throw new ConfigError([`${path} ${reasonOf(cause)}`], { cause });
  }
  return parseConfig(text, { path });
}

/** Reads the text of a `sallyport.yaml`. Throws a `ConfigError` that lists all problems. */
export function parseConfig(text: string, { path, readFile = readTextFile }: ParseOptions): Config {
  if (text.length > MAX_BYTES) throw new ConfigError([`${path} ${TOO_LARGE}`]);
  const document = readYaml(text);
  const result = configShape.safeParse(document.value);
  const problems = problemsOf(text, document, result.error?.issues ?? []);
  if (!result.success || problems.length > 0) throw toConfigError(path, text, problems);

  const directory = dirname(resolve(path));
  const reading = { within: path, readFile: (file: string) => readFile(resolve(directory, file)) };
  const policies = result.data.policies.map((policy) => readPolicy(policy, reading));
  const read = result.data.guardrails.map((guardrail) => readGuardrail(guardrail, reading));
  const guardrails = read.filter((one): one is GuardrailConfig => !('problem' in one));
  const unusable = [...problemsIn('policies', policies), ...problemsIn('guardrails', read)].map(
    ({ at, text: said }) => ({
      offset: document.offsetOf(at),
      text: said,
    }),
  );
  if (unusable.length > 0) throw toConfigError(path, text, unusable);
  return toConfig(result.data, directory, { policies, guardrails });
}

function problemsIn(list: string, read: readonly (object & { readonly problem?: string })[]) {
  return read.flatMap(({ problem }, index) =>
    problem === undefined ? [] : [{ at: [list, index, 'file'], text: problem }],
  );
}

/** What is wrong between the parts of a document, each about one matter. */
const finders = [
  findReferenceProblems,
  findExposureProblems,
  findDynamoDBProblems,
  findRoleProblems,
  findFipsProblems,
  findFrontDoorProblems,
  findGuardrailProblems,
  findVerifierKeyProblems,
];

function problemsOf(
  text: string,
  document: YamlDocument,
  issues: Parameters<typeof toProblems>[0],
): readonly Problem[] {
  const first = [...findLiteralSecrets(text, document), ...document.problems];
  if (document.value === undefined) return first;
  const found = finders.flatMap((find) => find(document.value));
  const references = found.map(({ path, text: what }) => ({ offset: document.offsetOf(path), text: what }));
  // What is wrong with the form of a secret or an alias is not worth saying: it is to go.
  const places = new Set(first.map(({ offset }) => offset));
  return [...first, ...[...toProblems(issues, document), ...references].filter(({ offset }) => !places.has(offset))];
}

interface ReadPolicy extends PolicyText {
  readonly problem?: string;
}

interface PolicyReading {
  readonly within: string;
  readonly readFile: (file: string) => string;
}

function readPolicy(policy: ConfigShape['policies'][number], { within, readFile }: PolicyReading): ReadPolicy {
  if ('cedar' in policy) return { name: policy.name, text: policy.cedar, within };
  const name = policy.file;
  try {
    const text = readFile(name);
    const [secret] = findSecrets(text);
    if (secret === undefined) return { name, text };
    return { name, text: '', problem: `the policy file holds what looks like ${secret.kind}` };
  } catch (cause) {
    return { name, text: '', problem: `the policy file ${reasonOf(cause)}` };
  }
}
