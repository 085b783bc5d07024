// `npm run bench`: what Sallyport costs, measured on this machine.
import { benchDetectors } from './detectors.ts';
import { benchDocuments } from './documents.ts';
import { benchGateways } from './gateways.ts';
import { type BenchOptions, parseCommand, usage } from './options.ts';
import { benchScale } from './scale.ts';
import { benchSoak } from './soak.ts';

const benches: Readonly<Record<string, (options: BenchOptions) => Promise<number>>> = {
  gateways: benchGateways,
  detectors: benchDetectors,
  scale: benchScale,
  documents: benchDocuments,
  soak: benchSoak,
};

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(usage);
    return 0;
  }
  try {
    const { bench, options } = parseCommand(args);
    const run = Object.hasOwn(benches, bench) ? benches[bench] : undefined;
    if (run === undefined) throw new TypeError(`there is no bench \`${bench}\``);
    return await run(options);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`${error.message}\n\n${usage}`);
    return 2;
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.exitCode = await main(process.argv.slice(2));
