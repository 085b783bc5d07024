import { judgeAims, toAimTable } from './aims.ts';
import { type Bed, prepareBed, progress } from './bed.ts';
import { type BenchCase, cases } from './cases.data.ts';
import { describeMachine } from './machine.ts';
import { type BenchOptions, choose } from './options.ts';
import { legend, toCaseTable, writeJson, writePart } from './report.ts';
import { type LeftOut, measureCase, type Plan, plans, startTargets } from './rounds.ts';
import type { Row } from './rows.ts';
import { bifrost } from './targets/bifrost.ts';
import { direct } from './targets/direct.ts';
import { floor } from './targets/floor.ts';
import { litellm } from './targets/litellm.ts';
import { portkey } from './targets/portkey.ts';
import { sallyport, small, unrecorded } from './targets/sallyport.ts';
import type { Target } from './targets/target.ts';

const targets: readonly Target[] = [direct, floor, portkey, litellm, bifrost, sallyport, small, unrecorded];

/** Targets that take too long to install or start for a look. */
const NOT_QUICK: ReadonlySet<Target> = new Set([litellm, bifrost, small]);

/** Measures Sallyport beside other gateways. Gives the exit code: 1 where a target that was to run could not. */
export async function benchGateways(options: BenchOptions): Promise<number> {
  const chosen = chooseTargets(options);
  const chosenCases = choose(cases, options.cases);
  const plan = plans(options);
  const { rows, leftOut, machine } = await measureAll(chosen, chosenCases, plan);
  const text = toPart({ rows, leftOut, machine, chosen, plan });
  process.stdout.write(`${text}\n`);
  if (options.jsonFile !== undefined) writeJson(options.jsonFile, rows);
  // Only a whole run may stand in the documents.
  const isWhole = !options.quick && options.targets === undefined && options.cases === undefined;
  if (isWhole && rows.length > 0) progress(`written to ${writePart('gateways', text)}`);
  return leftOut.some(({ target }) => target === 'sallyport') || rows.length === 0 ? 1 : 0;
}

function chooseTargets({ quick, targets: names }: BenchOptions): readonly Target[] {
  return choose(targets, names).filter((target) => !quick || names !== undefined || !NOT_QUICK.has(target));
}

async function measureAll(chosen: readonly Target[], chosenCases: readonly BenchCase[], plan: Plan) {
  await using bed: Bed = await prepareBed();
  await using closing = new AsyncDisposableStack();
  const { ready, leftOut } = await startTargets(bed, chosen, closing);
  const rows: Row[] = [];
  for (const benchCase of chosenCases) rows.push(...(await measureCase(bed, ready, { benchCase, plan })));
  return { rows, leftOut, machine: describeMachine(bed.disk) };
}

interface PartInput {
  readonly rows: readonly Row[];
  readonly leftOut: readonly LeftOut[];
  readonly machine: string;
  readonly chosen: readonly Target[];
  readonly plan: Plan;
}

function toPart({ rows, leftOut, machine, chosen, plan: { rounds, warmUpMs, durationMs } }: PartInput): string {
  const about = chosen.map(({ name, about }) => {
    const absence = leftOut.find(({ target }) => target === name);
    return `- **${name}**: ${about}.${absence === undefined ? '' : ` *Left out here: ${firstLine(absence.reason)}.*`}`;
  });
  const tables = cases.flatMap(({ name, about, connections }) => {
    const own = rows.filter((row) => row.case === name);
    return own.length === 0 ? [] : [`### ${name}\n\n${about}, ${connections} at a time.\n\n${toCaseTable(own)}`];
  });
  return [
    '## Beside other gateways',
    about.join('\n'),
    machine,
    `Each case has ${rounds} ${rounds === 1 ? 'round' : 'rounds'} of ${durationMs / 1_000} s after ` +
      `${warmUpMs / 1_000} s of warm-up, the targets taking turns within a round. Every connection sends its next ` +
      'request when the last is answered. Before anything is measured, every target must hand on prompt and answer ' +
      'unchanged. To repeat it: `npm run bench`, or `npm run bench -- --quick` for a look.',
    `### What it aims at\n\n${toAimTable(judgeAims(rows))}`,
    legend,
    ...tables,
  ].join('\n\n');
}

function firstLine(text: string): string {
  // What a package manager says names the servers it asked, which are this machine's matter.
  const [line = ''] = text.split('\n');
  return line.replace(/\s*(?:reading\s+)?https?:\/\/.*$/, '').replace(/[:.\s]+$/, '');
}
