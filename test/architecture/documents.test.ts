import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAuthorizer } from '../../src/access/index.ts';
import { createProgram } from '../../src/cli/program.ts';
import { configJsonSchema, parseConfig } from '../../src/config/index.ts';
import { faults } from '../../src/core/index.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');

const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

describe('the documents', () => {
  it('list every fault with its status and message, and no other', () => {
    const rows = [...read('docs/reference/errors.md').matchAll(/^\| `(\w+)` \| (\d{3}) \| ([^|]+) \|/gm)];
    const listed = Object.fromEntries(
      rows.map(([, code, status, message = '']) => [code, { status: Number(status), message: message.trim() }]),
    );
    expect(listed).toEqual(faults);
  });

  it('keep the README within 150 lines, the two commands first', () => {
    const readme = read('README.md');
    expect(readme.split('\n').length).toBeLessThanOrEqual(150);
    const [first] = /```sh\n[\s\S]*?```/.exec(readme) ?? [''];
    expect(first).toContain('npm start');
    expect(first).toContain('npm test');
  });

  it('show configurations and policies that the gateway takes', () => {
    const [whole = ''] = /(?<=```yaml\n)version: 1\n[\s\S]*?(?=```)/.exec(read('README.md')) ?? [];
    const config = parseConfig(whole, { path: 'README.yaml' });
    expect(config.models).toHaveLength(1);
    expect(createAuthorizer(config).version).toMatch(/^[0-9a-f]{64}$/);
    const [cedar = ''] = /(?<=```cedar\n)[\s\S]*?(?=```)/.exec(read('docs/reference/configuration.md')) ?? [];
    expect(createAuthorizer({ ...config, policies: [{ name: 'page.cedar', text: cedar }] }).version).toBeTruthy();
  });

  it('show a log in S3 that the gateway takes, and policies that are JSON', () => {
    const [own = ''] = /(?<=```yaml\n)version: 1\n[\s\S]*?(?=```)/.exec(read('README.md')) ?? [];
    const page = section('docs/guide/record.md', 'In S3');
    const [audit = ''] = /(?<=```yaml\n)[\s\S]*?(?=```)/.exec(page) ?? [];
    const { store, sinks } = parseConfig(own.replace(/^audit:\n {2}.*\n/m, audit), {
      path: '/etc/sallyport.yaml',
    }).audit;
    expect([store.kind, sinks.map(({ kind }) => kind)]).toEqual(['s3', ['s3']]);
    const policies = page.match(/(?<=```json\n)[\s\S]*?(?=```)/g) ?? [];
    expect(policies.map((policy) => JSON.parse(policy).Version)).toEqual(['2012-10-17', '2012-10-17']);
  });

  it('show keys of KMS that the gateway takes, and a statement that is JSON', () => {
    const [own = ''] = /(?<=```yaml\n)version: 1\n[\s\S]*?(?=```)/.exec(read('README.md')) ?? [];
    const page = section('docs/guide/record.md', 'Under keys of KMS');
    const [keys = ''] = /(?<=```yaml\n)[\s\S]*?(?=```)/.exec(page) ?? [];
    const { kms } = parseConfig(`${own}\n${keys}`, { path: '/etc/sallyport.yaml' }).keys;
    expect(Object.keys(kms?.tenants ?? {})).toEqual(['bank']);
    const [statement = ''] = /(?<=```json\n)[\s\S]*?(?=```)/.exec(page) ?? [];
    expect(JSON.parse(statement).Action).toEqual(['kms:GenerateDataKey', 'kms:Decrypt']);
  });

  it('show a gateway on AWS that the gateway takes, and commands that it has', () => {
    const page = read('docs/guide/aws.md');
    const [whole = ''] = /(?<=```yaml\n)version: 1\n[\s\S]*?(?=```)/.exec(page) ?? [];
    const config = parseConfig(whole, { path: '/etc/sallyport.yaml' });
    expect([config.state.kind, config.audit.store.kind, config.audit.sequencer]).toEqual([
      'dynamodb',
      's3',
      'elsewhere',
    ]);
    expect(config.production).toBe(true);
    expect(createAuthorizer(config).version).toBeTruthy();
    const commands = [...page.matchAll(/^sallyport ([a-z]+(?: [a-z]+)?)/gm)].map(([, command]) => command);
    expect(commands).toContain('state create');
    for (const command of commands) expect(read('docs/reference/cli.md')).toContain(`\`${command}`);
    const scripts = [...page.matchAll(/^npm run -s ([a-z:]+)/gm)].map(([, script = '']) => script);
    expect(Object.keys(JSON.parse(read('package.json')).scripts)).toEqual(expect.arrayContaining(scripts));
    const [filter = ''] = /(?<=--filter-criteria ')[^']*/.exec(page) ?? [];
    expect(JSON.parse(JSON.parse(filter).Filters[0].Pattern)).toEqual({ eventName: ['INSERT'] });
  });

  it('name every limit, with TLS that the gateway takes', () => {
    const { limits } = configJsonSchema().properties ?? {};
    const names = Object.keys(typeof limits === 'object' ? (limits.properties ?? {}) : {});
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) expect(read('docs/reference/configuration.md')).toContain(`\n| \`${name}\` |`);
    const [own = ''] = /(?<=```yaml\n)version: 1\n[\s\S]*?(?=```)/.exec(read('README.md')) ?? [];
    const [listen = '', clients = ''] = read('docs/guide/tls.md').match(/(?<=```yaml\n)[\s\S]*?(?=```)/g) ?? [];
    const { tls } = parseConfig(`${own}\n${listen}${clients}`, { path: '/etc/sallyport.yaml' }).listen;
    expect(tls).toMatchObject({ certificate: { file: '/etc/tls/tls.crt' }, clientCertificates: 'required' });
  });

  it('name every command and option that there is', () => {
    const page = read('docs/reference/cli.md');
    const program = createProgram({ out: () => undefined, error: () => undefined });
    const commands = program.commands.flatMap((group) =>
      group.commands.length > 0 ? group.commands.map((one) => `${group.name()} ${one.name()}`) : [group.name()],
    );
    for (const command of commands) expect(page).toContain(`\`${command}`);
  });

  it('name every directive of the simulator', () => {
    const guide = read('docs/guide/getting-started.md');
    const source = read('src/providers/simulator/directive.ts');
    const [, names = ''] = /sim:\(([a-z|-]+)\)/.exec(source) ?? [];
    for (const name of names.split('|')) expect(guide).toContain(`sim:${name}`);
  });

  it('show how clients call the gateway by the programs that are tested, and no others', () => {
    const shown = [...read('docs/guide/clients.md').matchAll(/^```\w+\n([\s\S]*?)^```$/gm)].map(
      ([, code = '']) => code,
    );
    const tested = readdirSync(join(root, 'test/clients/snippets')).map((name) =>
      read(`test/clients/snippets/${name}`),
    );
    expect(shown.toSorted()).toEqual(tested.toSorted());
  });

  it('link only to files that exist', () => {
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !existsSync(resolve(root, dirname(page), target)))
        .map((target) => `${page}: ${target}`),
    );
    expect(broken).toEqual([]);
  });
});

function section(page: string, title: string): string {
  const [, rest = ''] = read(page).split(`\n## ${title}\n`);
  return rest.split('\n## ')[0] ?? '';
}
