import { rmSync } from 'node:fs';
import { arch, availableParallelism, cpus, release, type } from 'node:os';
import { removeAtExit } from '../at-exit.ts';
import { progress } from '../bed.ts';
import { createRunDirectory, type Disk, readDisk } from '../disk.ts';
import { otherCores, startCpuWindow } from '../measure.ts';
import type { BenchOptions } from '../options.ts';
import { writeJson, writePart } from '../report.ts';
import { measureAppending } from './appending.ts';
import { sorts } from './exchanges.ts';
import { type Figure, toFigureTable } from './figures.ts';
import { measureProving } from './proving.ts';
import { measureSealing } from './sealing.ts';
import { measureLog } from './verifying.ts';

const full = { appendMs: 6_000, sealMs: 200, small: 50_000, long: 10_000, proven: 10_000_000 };
const quick: typeof full = { appendMs: 1_500, sealMs: 30, small: 5_000, long: 1_000, proven: 100_000 };

/** Measures the record by itself: the journal, the log it becomes, and what verifies it. Gives the exit code. */
export async function benchAudit(options: BenchOptions): Promise<number> {
  const directory = removeAtExit(createRunDirectory());
  try {
    const disk = readDisk(directory);
    const endWindow = startCpuWindow([process.pid]);
    const figures = await measureAll(directory, options.quick ? quick : full);
    const text = toPart(figures, describe(disk, otherCores(endWindow(), process.pid)));
    process.stdout.write(`${text}\n`);
    if (options.jsonFile !== undefined) writeJson(options.jsonFile, figures);
    if (!options.quick) progress(`written to ${writePart('audit', text)}`);
    return 0;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measureAll(directory: string, plan: typeof full): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  progress('sealing records');
  figures.push(...(await measureSealing(directory, plan.sealMs)));
  for (const isSequenced of [false, true]) {
    for (const sort of [sorts.dense, sorts.prose]) {
      for (const callers of [16, 64]) {
        progress(`appending, ${sort.name}, ${callers} callers${isSequenced ? ', sequencing beside it' : ''}`);
        const trial = { sort, callers, isSequenced, durationMs: plan.appendMs };
        figures.push(...(await measureAppending(directory, trial)));
      }
    }
  }
  for (const [sort, exchanges] of [
    [sorts.small, plan.small],
    [sorts.prose, plan.long],
    [sorts.dense, plan.long],
  ] as const) {
    progress(`sequencing and verifying, ${sort.name}`);
    figures.push(...(await measureLog(directory, sort, exchanges)));
  }
  progress(`proving in a log of ${plan.proven} entries`);
  figures.push(...(await measureProving(directory, plan.proven)));
  return figures;
}

function describe(disk: Disk, busy: number): string {
  return (
    `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${type()} ${release()} ${arch()}, Node ` +
    `${process.versions.node}. Records lie on ${disk.type}, where making 4.5 KB durable takes ` +
    `${disk.syncMs.toFixed(2)} ms (median). Meanwhile something else used ${busy.toFixed(2)} of its cores.`
  );
}

/** The part of the page. */
function toPart(figures: readonly Figure[], machine: string): string {
  const judged = figures.filter(({ met }) => met !== null);
  const missed = judged.filter(({ met }) => met === false).length;
  return [
    '## The record alone',
    'The journal, the log and their verification, without a gateway around them, in one process. Exchanges are a request ' +
      `and a response; both hold as much text: ${Object.values(sorts)
        .map(({ name, about }) => `**${name}**: ${about}`)
        .join(
          '; ',
        )}. The floor of appending is to write the same bytes in the same groups, each write durable before ` +
      'the next; that of sealing is AES-256-GCM of as many bytes. The yardstick of the disk is what the product compresses ' +
      'with: brotli at quality 0, each record by itself. Nothing but the log is left by then. To repeat it: ' +
      '`npm run bench -- audit`.',
    machine,
    toFigureTable(figures),
    `${judged.length - missed} of ${judged.length} aims met.`,
  ].join('\n\n');
}
