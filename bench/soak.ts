import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Bed, prepareBed, progress } from './bed.ts';
import { describeMachine } from './machine.ts';
import { type OpenFiles, readOpenFiles, readResidentMiB } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { toTable, writeJson, writePart } from './report.ts';
import { judge, type SoakCheck, type SoakEvidence, type SoakSample } from './soak-checks.ts';
import { clients, type SoakOrder, type SoakResult, soakResult } from './soak-clients.ts';
import { chatPath, type Gateway, startGateway } from './targets/sallyport.ts';

const times = { durationMs: 600_000, sampleMs: 15_000 };
const quickTimes = { durationMs: 25_000, sampleMs: 2_500 };

/** How long a gateway may take to let go of its sockets once nobody is there any more. */
const QUIET_MS = 15_000;

/** Uses a gateway as unkind applications do, and looks for what grows or stays. Gives the exit code: 1 if any does. */
export async function benchSoak(options: BenchOptions): Promise<number> {
  await using bed = await prepareBed('soak-load.ts');
  const evidence = await gather(bed, options.quick ? quickTimes : times);
  const checks = judge(evidence);
  const text = toPart(evidence, checks, `${describeMachine(bed.disk)} ${journalSize(homeOf(bed))}`);
  process.stdout.write(`${text}\n`);
  if (options.jsonFile !== undefined) writeJson(options.jsonFile, checks);
  if (!options.quick) progress(`written to ${writePart('soak', text)}`);
  return checks.every(({ ok }) => ok) ? 0 : 1;
}

function homeOf({ context }: Bed): string {
  return join(context.directory, 'soak');
}

async function gather(bed: Bed, { durationMs, sampleMs }: typeof times): Promise<SoakEvidence> {
  const gateway = await startGateway(homeOf(bed), bed.context.upstream);
  try {
    const idle = readOpenFiles(gateway.server.pid);
    progress(`the soak runs for ${durationMs / 1_000} s`);
    const { origin, headers } = gateway;
    const order: SoakOrder = { origin, path: chatPath, headers, durationMs };
    const { samples, result } = await sampleWhile(bed.load.ask(order), gateway, sampleMs);
    await bed.load[Symbol.asyncDispose]();
    await bed.upstream[Symbol.asyncDispose]();
    const left = await quietFiles(gateway.server.pid, idle);
    // Killed, not stopped: a gateway that is stopped closes what it had left open, and nobody would know.
    await gateway.server.kill();
    return { clients: result, samples, idle, left, ...(await readRecovery(bed)) };
  } finally {
    await gateway.server[Symbol.asyncDispose]();
  }
}

async function sampleWhile(
  answer: Promise<unknown>,
  { server }: Gateway,
  sampleMs: number,
): Promise<{ readonly samples: readonly SoakSample[]; readonly result: SoakResult }> {
  const started = Date.now();
  const samples: SoakSample[] = [];
  const ended = answer.then(() => true);
  while (!(await Promise.race([ended, pause(sampleMs, false)]))) {
    const { heapUsedMiB, delayP99Ms } = await server.eventLoop.collect();
    const sample = {
      minutes: (Date.now() - started) / 60_000,
      rssMiB: readResidentMiB(server.pid),
      heapMiB: heapUsedMiB,
      eventLoopP99Ms: delayP99Ms,
      ...readOpenFiles(server.pid),
    };
    samples.push(sample);
    progress(
      `${(sample.minutes * 60).toFixed(0)} s: RSS ${sample.rssMiB.toFixed(0)} MiB, heap ${heapUsedMiB.toFixed(1)} MiB, ` +
        `${sample.sockets} sockets, ${sample.files} files`,
    );
  }
  return { samples, result: soakResult.parse(await answer) };
}

/** What is open once nobody is there, waited for until it is back to what it was. */
async function quietFiles(pid: number, idle: OpenFiles): Promise<OpenFiles> {
  let left = readOpenFiles(pid);
  for (let waited = 0; waited < QUIET_MS && left.sockets > idle.sockets; waited += 100) {
    await pause(100);
    left = readOpenFiles(pid);
  }
  return left;
}

/** Starts a gateway on the journal of the one that was killed: it says what it had to repair and to close. */
async function readRecovery(bed: Bed): Promise<Pick<SoakEvidence, 'openExchanges' | 'repairs'>> {
  const { server } = await startGateway(homeOf(bed), bed.context.upstream);
  const events = server
    .log()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): { readonly event?: string; readonly count?: number } => JSON.parse(line));
  await server[Symbol.asyncDispose]();
  return {
    openExchanges: events.find(({ event }) => event === 'exchanges closed as interrupted')?.count ?? 0,
    repairs: events.filter(({ event }) => event === 'journal repaired').length,
  };
}

function journalSize(home: string): string {
  const directory = join(home, 'data', 'audit', 'journal');
  const bytes = readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
  return `The journal grew to ${(bytes / 2 ** 20).toFixed(0)} MiB.`;
}

function toPart({ clients: results, samples }: SoakEvidence, checks: readonly SoakCheck[], machine: string): string {
  const lanes = Object.values(clients).reduce((sum, client) => sum + client.lanes, 0);
  const minutes = samples.at(-1)?.minutes ?? 0;
  return [
    '## Soak',
    `${lanes} clients at once for ${minutes.toFixed(1)} minutes: some leave in the middle of an answer, some read ` +
      'slowly, and the upstream fails in its own ways. Then clients and upstream go, what is still open is counted, ' +
      'the idle gateway is killed, and another starts on its journal. Growth is the slope over the second half; the ' +
      'heap is weighed after a full collection. To repeat it: `npm run bench -- soak`.',
    machine,
    toCheckTable(checks),
    toClientTable(results),
    toSampleTable(samples),
  ].join('\n\n');
}

function toCheckTable(checks: readonly SoakCheck[]): string {
  const rows = checks.map(({ check, value, limit, ok }) => [
    check,
    value,
    Number.isFinite(limit) ? limit : 'not judged',
    ok ? 'ok' : 'FAILED',
  ]);
  return toTable(['check', 'value', 'at most', ''], rows);
}

function toClientTable(results: SoakResult): string {
  const rows = Object.entries(results).map(([name, { expected, unexpected }]) => {
    const others = Object.entries(unexpected).map(([ending, count]) => `${count} × ${ending}`);
    return [name, expected, others.join(', ') || 'none'];
  });
  return toTable(['client', 'calls', 'ended otherwise'], rows);
}

function toSampleTable(samples: readonly SoakSample[]): string {
  const rows = thinned(samples).map((sample) => [
    (sample.minutes * 60).toFixed(0),
    sample.rssMiB.toFixed(0),
    sample.heapMiB.toFixed(1),
    sample.sockets,
    sample.files,
    sample.eventLoopP99Ms.toFixed(1),
  ]);
  return toTable(['second', 'RSS MiB', 'heap MiB', 'sockets', 'files', 'loop p99 ms'], rows);
}

/** A dozen samples are enough to see a line. */
function thinned(samples: readonly SoakSample[]): readonly SoakSample[] {
  const step = Math.ceil(samples.length / 12);
  return samples.filter((_, index) => (samples.length - 1 - index) % step === 0);
}
