// `npm run -s synth`: the templates of a configuration, without credentials.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, loadConfig } from '../../src/config/index.ts';
import { createApp } from './app/create-app.ts';
import { writeRenderedConfig } from './app/rendered-config.ts';
import { toSettings } from './app/settings.ts';
import { type Synthesis, synthesize } from './app/synthesis.ts';

const usage = `usage: npm run -s synth -- --out DIR [--config FILE] [--code assets|parameters] [--json]

Writes the templates, each as Sallyport-ENVIRONMENT-PART.template.json, and what the AWS CDK needs to deploy them.
No credentials and no network are needed. Exit codes: 0 written, 1 the templates cannot be deployed, 2 the configuration
is not sound.

  --config FILE   the configuration (default: ./sallyport.yaml, else an example with everything on)
  --code assets   with the functions' code and configuration as assets to upload, packaged first where they are missing;
                  else parameters of the templates name where they are
  --json          stacks, warnings and the endpoints' monthly cost as JSON
`;

const EXAMPLE = resolve(import.meta.dirname, '../example/sallyport.yaml');

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      out: { type: 'string' },
      config: { type: 'string' },
      code: { type: 'string', default: 'parameters' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { out, json, code } = values;
  if (values.help) process.stdout.write(usage);
  if (values.help) return 0;
  if (out === undefined) throw new UsageError('--out is missing');
  if (code !== 'assets' && code !== 'parameters') throw new UsageError('--code is `assets` or `parameters`');
  const own = existsSync('sallyport.yaml') ? 'sallyport.yaml' : EXAMPLE;
  const file = values.config ?? own;
  if (file === EXAMPLE) process.stderr.write('synth: there is no sallyport.yaml: this is the example\n');
  const settings = toSettings(await loadConfig(file));
  const outdir = resolve(out);
  const configuration = join(outdir, 'configuration');
  writeRenderedConfig({ path: file, door: 'none' }, configuration);
  const synthesis = synthesize(createApp({ settings, outdir, configuration, code }));
  process.stdout.write(json ? `${JSON.stringify(synthesis, null, 2)}\n` : toWords(synthesis));
  for (const problem of synthesis.errors) process.stderr.write(`${problem}\n`);
  return synthesis.errors.length === 0 ? 0 : 1;
}

class UsageError extends Error {}

function toWords({ stacks, warnings, endpoints }: Synthesis): string {
  const lines = stacks.map(
    ({ name, file, resources, bytes }) => `${name}: ${resources} resources, ${bytes} bytes, ${file}`,
  );
  lines.push(...warnings.map((warning) => `warning: ${warning}`));
  lines.push(
    ...endpoints.rows.map((row) => `endpoint ${row.service}: ${row.zones} zones, ${row.monthlyUsd} USD a month`),
  );
  lines.push(
    `endpoints at rest: ${endpoints.monthlyUsd} USD a month by the list price of us-east-1, and 0.01 USD a GB`,
  );
  return `${lines.join('\n')}\n`;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError || (error instanceof TypeError && 'code' in error);
  if (!isUsage && !(error instanceof ConfigError)) throw error;
  process.stderr.write(isUsage ? `synth: ${error.message}\n\n${usage}` : `${error.message}\n`);
  process.exitCode = 2;
}
