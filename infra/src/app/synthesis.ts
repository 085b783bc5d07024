import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { CloudFormationStackArtifact, SynthesisMessageLevel } from 'aws-cdk-lib/cx-api';
import { type EndpointBill, endpointBill } from './endpoint-bill.ts';

export interface SynthesizedStack {
  readonly name: string;
  /** Of the template, from the directory. */
  readonly file: string;
  readonly resources: number;
  readonly bytes: number;
}

export interface Synthesis {
  readonly stacks: readonly SynthesizedStack[];
  readonly warnings: readonly string[];
  readonly errors: readonly string[];
  readonly endpoints: EndpointBill;
}

/** What CloudFormation takes, from a bucket (CloudFormation quotas: 1 MB, 500 resources). */
const MAX_BYTES = 1_000_000;
const MAX_RESOURCES = 500;

/** Writes the templates of an app to its directory, without AWS. A template of a stack that is no more is removed. */
export function synthesize(app: App): Synthesis {
  const assembly = app.synth();
  const artifacts = assembly.stacksRecursively.filter((one) => one instanceof CloudFormationStackArtifact);
  const files = artifacts.map(({ templateFullPath }) => templateFullPath);
  const stale = readdirSync(assembly.directory).filter((name) => /^Sallyport-.*\.template\.json$/.test(name));
  for (const name of stale) {
    const file = join(assembly.directory, name);
    if (!files.includes(file)) rmSync(file);
  }
  const templates = files.map((file) => JSON.parse(readFileSync(file, 'utf8')));
  const stacks = artifacts.map(({ stackName: name, templateFullPath }, index) => ({
    name,
    file: relative(assembly.directory, templateFullPath),
    resources: Object.keys(templates[index]?.Resources ?? {}).length,
    bytes: readFileSync(templateFullPath).length,
  }));
  const messages = artifacts.flatMap(({ messages: all }) => all);
  const told = (level: SynthesisMessageLevel) =>
    messages.filter((one) => one.level === level).map(({ id, entry }) => `${id}: ${String(entry.data)}`);
  return {
    stacks,
    warnings: told(SynthesisMessageLevel.WARNING),
    errors: [...told(SynthesisMessageLevel.ERROR), ...stacks.flatMap(quotaProblems)],
    endpoints: endpointBill(templates),
  };
}

function quotaProblems({ name, resources, bytes }: SynthesizedStack): readonly string[] {
  const problems: string[] = [];
  if (resources > MAX_RESOURCES) problems.push(`${name}: ${resources} resources; a stack takes ${MAX_RESOURCES}`);
  if (bytes > MAX_BYTES) problems.push(`${name}: a template of ${bytes} bytes; CloudFormation takes ${MAX_BYTES}`);
  return problems;
}
