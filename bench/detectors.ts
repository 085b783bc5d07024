import { findingTypes, toContentPolicy } from '../src/core/index.ts';
import { maskText } from '../src/deidentify/index.ts';
import { createStreamScanner, detectors } from '../src/detectors/index.ts';
import { createOutputGuards } from '../src/guardrails/index.ts';
import { progress } from './bed.ts';
import { inspectedTexts } from './inspected-texts.data.ts';
import { type BenchOptions, choose } from './options.ts';
import { toProse } from './prose.ts';
import { toTable, writeJson, writePart } from './report.ts';
import { spreadOf } from './statistics.ts';

const KIB = 1_024;
const SIZES = [1, 16, 256] as const;
/** Units of a streamed piece, about a token, and of the answer they make up. */
const CHUNK = 6;
const STREAM = 4_096;
const ROUNDS = 5;
/** CPU milliseconds of one round, in which the work is repeated. */
const ROUND_MS = 40;
const QUICK_ROUND_MS = 10;

/** CPU microseconds for 1,024 UTF-16 units of one kind, in texts of the sizes of `SIZES` in turn. */
export interface TextRow {
  readonly text: string;
  readonly microsPerKib: readonly number[];
}

/** CPU microseconds of one step of an answer. */
export interface StepRow {
  readonly step: string;
  readonly micros: number;
}

const all = Object.values(detectors);
const masked = Object.fromEntries(findingTypes.map((type) => [type, 'mask'] as const));
const policy = toContentPolicy({ input: masked, output: masked, blockedInputMessage: '', blockedOutputMessage: '' });

/** Measures what inspection costs by itself: CPU time of this process, all detectors on. Gives the exit code. */
export async function benchDetectors(options: BenchOptions): Promise<number> {
  const plan = { rounds: options.rounds ?? ROUNDS, roundMs: options.quick ? QUICK_ROUND_MS : ROUND_MS };
  const texts = choose(inspectedTexts, options.cases).map(({ name, toText }) => ({
    text: name,
    microsPerKib: SIZES.map((size) => {
      const text = toText(size * KIB);
      return measure(() => createStreamScanner(all).end(text), plan) / (text.length / KIB);
    }),
  }));
  const steps = measureSteps(plan);
  const report = toReport(texts, steps);
  process.stdout.write(`${report}\n`);
  if (options.jsonFile !== undefined) writeJson(options.jsonFile, [...texts, ...steps]);
  if (!options.quick && options.cases === undefined) progress(`written to ${writePart('detectors', report)}`);
  return 0;
}

interface Plan {
  readonly rounds: number;
  readonly roundMs: number;
}

function measureSteps(plan: Plan): readonly StepRow[] {
  const chunks = toProse(2, STREAM).match(new RegExp(`.{1,${CHUNK}}`, 'g')) ?? [];
  const createGuard = createOutputGuards({ detectors: all, policy, mask: maskText });
  const stream = () => {
    const scanner = createStreamScanner(all);
    for (const chunk of chunks) scanner.push(chunk);
    scanner.end();
  };
  return [
    { step: `scan ${CHUNK} units more of a stream`, micros: measure(stream, plan) / chunks.length },
    { step: 'begin a scan', micros: measure(() => createStreamScanner(all), plan) },
    { step: 'begin an output guard', micros: measure(createGuard, plan) },
  ];
}

/** The median over the rounds, behind one that warms up, of the CPU microseconds of one run. */
function measure(run: () => unknown, { rounds, roundMs }: Plan): number {
  const micros = Array.from({ length: rounds + 1 }, () => measureRound(run, roundMs * 1_000));
  return spreadOf(micros.slice(1)).median;
}

function measureRound(run: () => unknown, least: number): number {
  const started = process.cpuUsage();
  let spent = 0;
  let runs = 0;
  for (let batch = 1; spent < least; batch *= 2) {
    for (let index = 0; index < batch; index += 1) run();
    runs += batch;
    const { user, system } = process.cpuUsage(started);
    spent = user + system;
  }
  return spent / runs;
}

/** Both tables. `256 ÷ 1` is how much more a unit costs in a long text than in a short one. */
export function toReport(texts: readonly TextRow[], steps: readonly StepRow[]): string {
  const [least, most] = [SIZES[0], SIZES[2]];
  const head = ['text', ...SIZES.map((size) => `${size} KiB`), `${most} ÷ ${least}`];
  return [
    '## Inspection alone',
    'CPU microseconds for 1,024 UTF-16 units, by kind and length of the text, with every detector on; the last column ' +
      'is how much more a unit costs in the longest text: about 1 where the time grows with the length and no faster. ' +
      'To repeat it: `npm run bench -- detectors`.',
    toTable(
      head,
      texts.map(({ text, microsPerKib }) => [
        text,
        ...microsPerKib.map((micros) => micros.toFixed(1)),
        ((microsPerKib.at(-1) ?? Number.NaN) / (microsPerKib[0] ?? Number.NaN)).toFixed(2),
      ]),
    ),
    toTable(
      ['step of an answer', 'CPU µs'],
      steps.map(({ step, micros }) => [step, micros.toFixed(2)]),
    ),
  ].join('\n\n');
}
