import { renameSync, rmSync } from 'node:fs';
import { removeAtExit } from '../at-exit.ts';
import { progress } from '../bed.ts';
import { createRunDirectory } from '../disk.ts';
import { toTable, writeJson, writePart } from '../report.ts';
import { type CampaignResult, runCampaign } from './campaign.ts';
import { createHouse } from './house.ts';
import type { KillOptions } from './options.ts';
import { type RollbackResult, runRollback } from './rollback.ts';
import { runSecondSequencer, type SecondSequencerResult } from './second-sequencer.ts';

const full = { checkEvery: 100, secondSequencers: 25, rollbackMs: 1_000 };
const quick: typeof full = { checkEvery: 15, secondSequencers: 3, rollbackMs: 300 };

/** Kills gateways and looks for what a client got and the record has not. Gives the exit code: 1 where there is any. */
export async function benchKill({ runs, quick: isQuick, jsonFile }: KillOptions): Promise<number> {
  const { checkEvery, secondSequencers, rollbackMs } = isQuick ? quick : full;
  const directory = removeAtExit(createRunDirectory());
  const started = performance.now();
  let isClean = false;
  try {
    progress(`killing a gateway ${runs} times`);
    const campaign = await runCampaign({
      house: await createHouse(directory),
      kills: runs,
      checkEvery,
      onProgress: (text) => progress(`${secondsSince(started)} s: ${text}`),
    });
    progress('a second sequencer beside the gateway');
    const sequencers = await runSecondSequencer(await createHouse(directory), secondSequencers);
    progress('an older copy put back');
    const rollback = await runRollback(await createHouse(directory), rollbackMs);
    const result = { campaign, sequencers, rollback, seconds: secondsSince(started) };
    const text = toPart(result);
    process.stdout.write(`${text}\n`);
    if (jsonFile !== undefined) writeJson(jsonFile, [result]);
    if (!isQuick) progress(`written to ${writePart('kill', text)}`);
    isClean = faultsOf(result).length === 0;
    return isClean ? 0 : 1;
  } finally {
    if (isClean) rmSync(directory, { recursive: true, force: true });
    else keep(directory);
  }
}

/** What a fault was found in is needed to find its cause. */
function keep(directory: string): void {
  const kept = `${directory}-kept`;
  renameSync(directory, kept);
  progress(`the data is kept in ${kept}`);
}

const secondsSince = (started: number) => Math.round((performance.now() - started) / 1_000);

interface KillResult {
  readonly campaign: CampaignResult;
  readonly sequencers: SecondSequencerResult;
  readonly rollback: RollbackResult;
  readonly seconds: number;
}

function faultsOf({ campaign, sequencers, rollback }: KillResult): readonly string[] {
  return [...campaign.faults, ...sequencers.faults, ...rollback.faults];
}

/** The part of the page. */
function toPart(result: KillResult): string {
  const { campaign, sequencers, rollback, seconds } = result;
  const { kills, whole, partial, refused, staged, orphans, entries } = campaign;
  const faults = faultsOf(result);
  return [
    '## Killed in the middle',
    'Eight clients call a gateway, buffered and streamed, and it is killed (`SIGKILL`) at a random moment: 5 to 400 ms ' +
      'after they began, later, while it publishes a batch, before it is ready, or while it is stopping. It starts again on what is left, and so on. ' +
      'Then all that clients received is held against the log: whole, once, in order, with the receipts they were given; ' +
      'and the log is verified with keys and against the checkpoints a file sink kept. Beside it: other processes that ' +
      'sequence the same journal at the same time and are killed too; and an older copy of the data put back, which the ' +
      'kept checkpoint tells. To repeat it: `npm run bench -- kill`.',
    toTable(
      ['what', 'count'],
      [
        ['kills under load', kills.load],
        ['kills longer under load', kills.long],
        ['kills while it published a batch', kills.batch],
        ['kills before it was ready', kills.start],
        ['kills while it was stopping', kills.drain],
        ['kills that left a batch on its way into the log', staged],
        ['staged batches that were left at the end', orphans],
        ['answers that clients got whole', whole],
        ['answers that clients got in part', partial],
        ['requests turned away', refused],
        ['entries of the log', entries],
        ['second sequencers, each killed', sequencers.sequencers],
        ['entries they sequenced, of all', `${sequencers.added} of ${sequencers.entries}`],
        ['rounds that rejected and were tried again', sumOf(sequencers.rejected)],
        ['checkpoints of both that the log was held against', sequencers.checkpoints],
        ['entries of the log rolled back, lost, gone on with', Object.values(rollback.entries).join(', ')],
        ['seconds', seconds],
        ['faults', faults.length],
      ],
    ),
    ...Object.entries(sequencers.rejected).map(([why, count]) => `- rejected ${count} times: ${why}`),
    ...(faults.length === 0 ? [] : [faults.map((fault) => `- FAULT ${fault}`).join('\n')]),
  ].join('\n\n');
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
