import { parseArgs } from 'node:util';

/** What every bench of the project takes. */
export interface BenchOptions {
  /** A look in at most a minute: one short round; rows that something disturbed are marked and not repeated. */
  readonly quick: boolean;
  /** Where the rows go as a JSON array. */
  readonly jsonFile?: string;
  /** Names to leave it at; all where absent. */
  readonly targets?: readonly string[];
  readonly cases?: readonly string[];
  readonly rounds?: number;
}

export interface Command {
  readonly bench: string;
  readonly options: BenchOptions;
}

export const usage = `usage: npm run bench -- [bench] [options]

Benches:
  gateways   Sallyport beside other gateways (default)
  scale      one Sallyport process, then two
  detectors  what inspection costs by itself, by kind and length of text
  detection  what the classifiers find on public data, and what they cost
  documents  the text of documents: by format, and of files made to do harm
  soak       ten minutes of mixed traffic with faults: what grows, what is left open
  lambda     the bundle in an emulated AWS: start, overhead, memory, and what a million calls cost
  journal    the journal in DynamoDB: units, and the time of an append

Options:
  --quick            at most a minute
  --json FILE        the rows as a JSON array
  --targets A,B      only these, such as direct,floor,sallyport
  --cases A,B        only these, such as json-c16
  --rounds N         how often each case is measured (default 5; with --quick 1)
`;

/** Reads the command line. Throws a `TypeError` that says what is wrong with it. */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      targets: { type: 'string' },
      cases: { type: 'string' },
      rounds: { type: 'string' },
    },
  });
  const [bench = 'gateways', ...rest] = positionals;
  if (rest.length > 0) throw new TypeError(`one bench at a time, not \`${positionals.join(' ')}\``);
  if (values.rounds !== undefined && !/^[1-9][0-9]?$/.test(values.rounds)) {
    throw new TypeError('--rounds takes a number from 1 to 99');
  }
  return {
    bench,
    options: {
      quick: values.quick,
      ...(values.json === undefined ? {} : { jsonFile: values.json }),
      ...(values.targets === undefined ? {} : { targets: values.targets.split(',') }),
      ...(values.cases === undefined ? {} : { cases: values.cases.split(',') }),
      ...(values.rounds === undefined ? {} : { rounds: Number(values.rounds) }),
    },
  };
}

/** The entries that were asked for. Throws a `TypeError` for a name that none of them has. */
export function choose<Entry extends { readonly name: string }>(
  entries: readonly Entry[],
  names: readonly string[] | undefined,
): readonly Entry[] {
  const unknown = names?.find((name) => !entries.some((entry) => entry.name === name));
  if (unknown !== undefined) {
    throw new TypeError(`\`${unknown}\` is not among ${entries.map(({ name }) => name).join(', ')}`);
  }
  return entries.filter(({ name }) => names === undefined || names.includes(name));
}
