// `npm run bench`: what Sallyport costs, measured on this machine.
import { benchAudit } from './audit/audit.ts';
import { benchDetection } from './detection/detection.ts';
import { benchDetectors } from './detectors.ts';
import { benchDocuments } from './documents.ts';
import { benchGateways } from './gateways.ts';
import { benchKill } from './kill/kill.ts';
import { parseKillOptions } from './kill/options.ts';
import { benchJournal } from './lambda/journal.ts';
import { benchLambda } from './lambda/lambda.ts';
import { type BenchOptions, parseCommand, usage } from './options.ts';
import { benchScale } from './scale.ts';
import { benchSoak } from './soak.ts';

const benches: Readonly<Record<string, (options: BenchOptions) => Promise<number>>> = {
  gateways: benchGateways,
  detectors: benchDetectors,
  detection: benchDetection,
  scale: benchScale,
  documents: benchDocuments,
  soak: benchSoak,
  audit: benchAudit,
  lambda: benchLambda,
  journal: benchJournal,
};

const usageOfRecord = `
The record:
  audit      the journal, the log and their verification, by themselves
  kill       gateways that are killed, and what the record then has; takes --quick, --json FILE, and
  --runs N   how often one is killed (default 1000; with --quick 30)
`;

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(`${usage}${usageOfRecord}`);
    return 0;
  }
  try {
    if (args[0] === 'kill') return await benchKill(parseKillOptions(args.slice(1)));
    const { bench, options } = parseCommand(args);
    const run = Object.hasOwn(benches, bench) ? benches[bench] : undefined;
    if (run === undefined) throw new TypeError(`there is no bench \`${bench}\``);
    return await run(options);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`${error.message}\n\n${usage}${usageOfRecord}`);
    return 2;
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.exitCode = await main(process.argv.slice(2));
