import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { createDirectoryLogSource, createS3LogSource, type Reconciled, reconcile } from '../audit/index.ts';
import { findEndpointProblem } from '../config/index.ts';
import { type Administration, openAdministration } from '../server/index.ts';
import { progress } from './audit/progress.ts';
import { parseTime } from './audit/time.ts';
import { CommandError } from './command-error.ts';
import { type Terminal, toJson } from './output.ts';
import { BLIND_SPOTS, isAgreed, isRead, toWords } from './reconciled.ts';
import { type SetupArguments, toSetupOptions, withSetupOptions } from './setup-options.ts';

interface ReconcileArguments extends SetupArguments {
  readonly from?: number;
  readonly until?: number;
  readonly account?: string;
  readonly region?: string;
  readonly grace: number;
  readonly limit: number;
  readonly bucketRegion?: string;
  readonly bucketOwner?: string;
  readonly endpoint?: string;
  readonly pathStyle?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  sallyport reconcile s3://invocations/bedrock           the last 24 hours
  sallyport reconcile s3://invocations/bedrock --account 111122223333 --region eu-central-1 --from 2026-06-01 --until 2026-06-02
  sallyport reconcile ./copied-logs --from 2026-06-01T09:00:00Z --until 2026-06-01T17:00:00Z --json

With --account and --region the days of the range alone are listed. Exit codes: 0 the records agree, 1 they do not,
2 something could not be read. No prompt and no answer is read.`;

const DAY_MS = 86_400_000;
const DEFAULT_GRACE_MS = 900_000;

export function addReconcileCommand(program: Command, terminal: Terminal): void {
  withSetupOptions(program.command('reconcile'))
    .description(
      "Hold Amazon Bedrock's model invocation log against the record: calls that did not pass the gateway, calls that " +
        'AWS did not log, and calls of which the two tell different things.',
    )
    .argument('<log>', 'where the log is delivered: s3://BUCKET/PREFIX, or a directory that it was copied to')
    .option('--from <time>', 'calls of this time or later (default: a day before --until)', parseTime)
    .option('--until <time>', 'calls before this time (default: now)', parseTime)
    .option('--account <id>', 'of this AWS account alone', parseAccount)
    .option('--region <region>', 'of this AWS region alone', parseRegion)
    .option('--grace <time>', 'how old a call must be to be missed, such as 15m', parseDuration, DEFAULT_GRACE_MS)
    .option('--limit <count>', 'of each list, at most so many; all are counted', parseCount, 100)
    .option('--bucket-region <region>', 'the region of the bucket (default: that of the configuration)', parseRegion)
    .option('--bucket-owner <id>', 'the AWS account that the bucket must belong to', parseAccount)
    .option('--endpoint <url>', 'S3 endpoint, such as that of a VPC endpoint', parseEndpoint)
    .option('--path-style', "put the bucket into the path of URLs, not into the host's name")
    .option('--json', 'print the result as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (log: string, given: ReconcileArguments) => {
      await using administration = await openAdministration(toSetupOptions(given));
      const range = toRange(given, administration.clock.now());
      const reconciled = await reconcileWith(administration, { log, given, range, terminal });
      terminal.out(
        given.json ? toJson({ ...range, ...reconciled, blindSpots: BLIND_SPOTS }) : toWords(reconciled, range),
      );
      if (!isAgreed(reconciled)) throw new CommandError(1);
      if (!isRead(reconciled)) throw new CommandError(2, 'part of the invocation log could not be read');
    });
}

interface Reconciling {
  readonly log: string;
  readonly given: ReconcileArguments;
  readonly range: { readonly from: number; readonly until: number };
  readonly terminal: Terminal;
}

async function reconcileWith({ audit, config, clock }: Administration, reconciling: Reconciling): Promise<Reconciled> {
  const { log, given, range, terminal } = reconciling;
  const { grace, limit, account, region } = given;
  try {
    return await reconcile({
      source: toSource(log, given, config),
      objects: audit.objects,
      ...audit.reading(),
      regions: new Map(config.providers.flatMap((one) => (one.kind === 'bedrock' ? [[one.name, one.region]] : []))),
      environment: config.environment,
      range,
      now: clock.now(),
      graceMs: grace,
      limit,
      account,
      region,
      onProgress: progress(terminal),
      onFile: progressOfFiles(terminal),
    });
  } catch (cause) {
    if (!isOfSystem(cause)) throw cause;
    throw new CommandError(2, `the invocation log cannot be read (${cause.code})`, { cause });
  }
}

/** Of a file or directory of the copied log: our own record has errors of its own. */
function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

const EVERY_FILES = 1_000;

function progressOfFiles(terminal: Terminal): (files: number) => void {
  return (files) => {
    if (files % EVERY_FILES === 0) terminal.error(`${files} files of the invocation log`);
  };
}

function toSource(log: string, given: ReconcileArguments, { region: ownRegion, fips }: Administration['config']) {
  if (!log.startsWith('s3://')) return createDirectoryLogSource(resolve(log));
  const [, bucket = '', path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(log) ?? [];
  if (bucket === '') throw new CommandError(2, 'expected a place such as s3://BUCKET/PREFIX');
  const prefix = path === '' || path.endsWith('/') ? path : `${path}/`;
  const {
    bucketRegion: region = ownRegion,
    bucketOwner: expectedBucketOwner,
    endpoint,
    pathStyle: forcePathStyle,
  } = given;
  return createS3LogSource({ bucket, prefix, region, expectedBucketOwner, endpoint, forcePathStyle, fips });
}

function toRange({ from, until }: ReconcileArguments, now: number) {
  const end = until ?? now;
  const range = { from: from ?? end - DAY_MS, until: end };
  if (range.from >= range.until) throw new CommandError(2, '--from must be before --until');
  return range;
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

function parseDuration(text: string): number {
  const [, count, unit = ''] = /^([0-9]{1,5})([smh])$/.exec(text) ?? [];
  const each = UNITS[unit];
  if (each === undefined) throw new InvalidArgumentError('must be a time such as 90s, 15m or 2h.');
  return Number(count) * each;
}

function parseAccount(text: string): string {
  if (!/^[0-9]{12}$/.test(text)) throw new InvalidArgumentError('must be the 12 digits of an AWS account.');
  return text;
}

function parseRegion(text: string): string {
  if (!/^[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-[0-9]{1,2}$/.test(text)) {
    throw new InvalidArgumentError('must be an AWS region such as us-east-1.');
  }
  return text;
}

function parseEndpoint(text: string): string {
  const problem = findEndpointProblem(text);
  if (problem !== undefined) throw new InvalidArgumentError(`${problem}.`);
  return text;
}

function parseCount(text: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(text)) throw new InvalidArgumentError('must be a number from 1 to 999999.');
  return Number(text);
}
