import { parseArgs } from 'node:util';

export interface KillOptions {
  /** How often the gateway is killed. */
  readonly runs: number;
  readonly quick: boolean;
  /** Where the result goes as JSON. */
  readonly jsonFile?: string;
}

const RUNS = 1_000;
const QUICK_RUNS = 30;

/** Reads what stands behind `kill` on the command line. Throws a `TypeError` that says what is wrong with it. */
export function parseKillOptions(args: readonly string[]): KillOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean', default: false }, json: { type: 'string' }, runs: { type: 'string' } },
  });
  const { quick, json, runs = String(quick ? QUICK_RUNS : RUNS) } = values;
  if (!/^[1-9][0-9]{0,5}$/.test(runs)) throw new TypeError('--runs takes a number from 1 to 999999');
  return { runs: Number(runs), quick, ...(json === undefined ? {} : { jsonFile: json }) };
}
