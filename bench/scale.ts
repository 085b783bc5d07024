import { availableParallelism } from 'node:os';
import { prepareBed, progress } from './bed.ts';
import { cases } from './cases.data.ts';
import { describeMachine } from './machine.ts';
import { type BenchOptions, choose } from './options.ts';
import { toCaseTable, writeJson, writePart } from './report.ts';
import { measureCase, plans, startTargets } from './rounds.ts';
import type { Row } from './rows.ts';
import { direct } from './targets/direct.ts';
import { startSallyport } from './targets/sallyport.ts';
import type { Target } from './targets/target.ts';

const DEFAULT_CASES = ['json-c64', 'stream-c16'];

/** Below this, two gateways, the load generator and the upstream have no core each, and nothing can scale. */
const CORES_NEEDED = 4;

const targets: readonly Target[] = [
  direct,
  {
    name: 'sallyport-1',
    about: 'one process',
    start: (context) => startSallyport(context, 1),
  },
  {
    name: 'sallyport-2',
    about: 'two processes, each with its own data directory, connections dealt out between them',
    start: (context) => startSallyport(context, 2),
  },
];

/** Measures one Sallyport process beside two. Gives the exit code. */
export async function benchScale(options: BenchOptions): Promise<number> {
  const plan = plans(options);
  await using bed = await prepareBed();
  await using closing = new AsyncDisposableStack();
  const { ready, leftOut } = await startTargets(bed, choose(targets, options.targets), closing);
  const rows: Row[] = [];
  for (const benchCase of choose(cases, options.cases ?? DEFAULT_CASES)) {
    rows.push(...(await measureCase(bed, ready, { benchCase, plan })));
  }
  const text = toPart(rows, describeMachine(bed.disk));
  process.stdout.write(`${text}\n`);
  if (options.jsonFile !== undefined) writeJson(options.jsonFile, rows);
  const isWhole = !options.quick && options.targets === undefined && options.cases === undefined;
  if (isWhole && leftOut.length === 0) progress(`written to ${writePart('scale', text)}`);
  return leftOut.length > 0 ? 1 : 0;
}

function toPart(rows: readonly Row[], machine: string): string {
  const tables = [...new Set(rows.map((row) => row.case))].map(
    (name) => `### ${name}, one process and two\n\n${toCaseTable(rows.filter((row) => row.case === name))}`,
  );
  const cores = availableParallelism();
  const caution =
    cores < CORES_NEEDED
      ? `**With ${cores} cores this says little**: two gateways, the load generator and the upstream want one each.`
      : 'Gateways, load generator and upstream have a core each at least.';
  return [
    '## Two processes',
    `${targets.map(({ name, about }) => `- **${name}**: ${about}.`).join('\n')}`,
    `${machine} ${caution} To repeat it: \`npm run bench -- scale\`.`,
    'Columns and marks are those of the comparison with other gateways.',
    ...tables,
  ].join('\n\n');
}
