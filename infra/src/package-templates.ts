// `npm run package:templates`: ready CloudFormation templates, as a release has them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, loadConfig } from '../../src/config/index.ts';
import { createApp } from './app/create-app.ts';
import { writeRenderedConfig } from './app/rendered-config.ts';
import { toSettings } from './app/settings.ts';
import { synthesize } from './app/synthesis.ts';
import { packageTemplates } from './app/template-package.ts';

const usage = `usage: npm run -s package:templates -- [--config FILE] [--out DIR] [--json]

Writes dist/templates: the templates of a configuration (default: the example with everything on), their checksums and a
README with the order and the parameters. No credentials and no network are needed.
`;

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string', default: resolve(import.meta.dirname, '../example/sallyport.yaml') },
      out: { type: 'string', default: resolve(import.meta.dirname, '../../dist/templates') },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const outdir = mkdtempSync(join(tmpdir(), 'sallyport-templates-'));
  try {
    const settings = toSettings(await loadConfig(values.config));
    const configuration = join(outdir, 'configuration');
    writeRenderedConfig({ path: values.config, door: 'none' }, configuration);
    const { stacks, errors } = synthesize(createApp({ settings, outdir, configuration, code: 'parameters' }));
    for (const problem of errors) process.stderr.write(`${problem}\n`);
    if (errors.length > 0) return 1;
    const packaged = packageTemplates(outdir, resolve(values.out), stacks);
    const told = packaged.map(({ file, sha256 }) => `${sha256}  ${file}`).join('\n');
    process.stdout.write(values.json ? `${JSON.stringify(packaged, null, 2)}\n` : `${told}\n`);
    return 0;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof TypeError && 'code' in error;
  if (!isUsage && !(error instanceof ConfigError)) throw error;
  process.stderr.write(isUsage ? `package:templates: ${error.message}\n\n${usage}` : `${error.message}\n`);
  process.exitCode = 2;
}
