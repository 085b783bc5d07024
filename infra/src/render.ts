// `npm run -s render`: the configuration as one front door reads it, for an image or a layer.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError } from '../../src/config/index.ts';
import { type DoorKind, doorKinds, writeRenderedConfig } from './app/rendered-config.ts';

const usage = `usage: npm run -s render -- --door container|rest|rest-iam|none --out DIR [--config FILE]

Writes sallyport.yaml as that front door reads it, and the policy files that it names.
`;

function main(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string', default: 'sallyport.yaml' },
      door: { type: 'string', default: '' },
      out: { type: 'string', default: '' },
    },
  });
  const { config, door, out } = values;
  if (!isDoorKind(door) || out === '') {
    process.stderr.write(usage);
    return 2;
  }
  try {
    writeRenderedConfig({ path: config, door }, resolve(out));
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems) process.stderr.write(`${problem}\n`);
    return 2;
  }
}

function isDoorKind(text: string): text is DoorKind {
  return doorKinds.some((kind) => kind === text);
}

process.exitCode = main(process.argv.slice(2));
