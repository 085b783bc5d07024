import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { inspectedTypes } from '../core/index.ts';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import { demoConfigText } from './demo.data.ts';
import { loadConfig, parseConfig } from './load.ts';

const minimal = `version: 1
environment: test
region: eu-central-1
providers: [{ name: simulator, kind: simulator }]
models: [{ id: "amazon.nova-lite-v1:0", provider: simulator }]
tenants: [{ name: acme, principals: [{ name: app }] }]
policies: []
`;

function problemsOf(run: () => Config): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

/** The problems of the minimal configuration with some lines changed or added. */
function problemsWith(change: Readonly<Record<string, string>>): readonly string[] {
  const lines = new Map(
    minimal
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line]),
  );
  for (const [key, value] of Object.entries(change)) lines.set(key, `${key}: ${value}`);
  return problemsOf(() => parseConfig([...lines.values()].join('\n'), { path: 'sallyport.yaml' }));
}

const parse = (text: string) => parseConfig(text, { path: '/etc/sallyport/sallyport.yaml' });

describe('a configuration', () => {
  it('is filled up with defaults', () => {
    const config = parse(minimal);
    expect(config).toMatchObject({
      data: '/etc/sallyport/.sallyport',
      listen: { host: '127.0.0.1', port: 8080, adminHost: '127.0.0.1', adminPort: 8081 },
      limits: { maxBodyBytes: 20_971_520, upstreamTimeoutMs: 300_000 },
      models: [{ id: 'amazon.nova-lite-v1:0', providerModelId: 'amazon.nova-lite-v1:0' }],
      tenants: [{ name: 'acme', principals: [{ name: 'app', roles: [] }] }],
    });
    expect(config.inspection.input).toMatchObject({ EMAIL: 'mask', HIDDEN_TEXT: 'mask', PROMPT_ATTACK: 'block' });
    expect(config.inspection.output).toMatchObject({ EMAIL: 'mask', HIDDEN_TEXT: 'mask', PROMPT_ATTACK: 'allow' });
    expect(config.inspection.input).toMatchObject({ UK_NATIONAL_HEALTH_SERVICE_NUMBER: 'mask', URL: 'ignore' });
    expect(Object.keys(config.inspection.input)).toEqual(inspectedTypes);
  });

  it('keeps what is said over the defaults', () => {
    const config = parse(`${minimal}
data: state
listen: { port: 0, adminPort: 0 }
limits: { maxBodyBytes: 1024 }
inspection:
  input: { EMAIL: allow, PROMPT_ATTACK: mask }
  output: { US_SOCIAL_SECURITY_NUMBER: block, PROMPT_ATTACK: allow }
  blockedInputMessage: "No."
`);
    expect(config).toMatchObject({ data: '/etc/sallyport/state', listen: { port: 0 }, limits: { maxBodyBytes: 1024 } });
    expect(config.inspection.input).toMatchObject({ EMAIL: 'allow', PHONE: 'mask', PROMPT_ATTACK: 'mask' });
    expect(config.inspection.output).toMatchObject({ US_SOCIAL_SECURITY_NUMBER: 'block', PROMPT_ATTACK: 'allow' });
    expect(config.inspection.blockedInputMessage).toBe('No.');
  });

  it('has every path absolute, from the directory of the file', () => {
    const config = parse(
      minimal.replace(
        '[{ name: simulator, kind: simulator }]',
        `
  - { name: simulator, kind: simulator }
  - name: bedrock
    kind: bedrock
    region: us-east-1
    credentials:
      accessKeyId: { env: KEY_ID }
      secretAccessKey: { file: secrets/key }
      sessionToken: { file: /run/secrets/session }
  - name: other
    kind: bedrock
    region: us-east-1
    credentials: { accessKeyId: { env: A }, secretAccessKey: { env: B } }
  - { name: chain, kind: bedrock, region: us-gov-west-1, endpoint: "https://vpce-1.bedrock-runtime.amazonaws.com" }
  - { name: local, kind: openai-compatible, baseUrl: "http://127.0.0.1:8000/v1" }
  - { name: keyed, kind: openai-compatible, baseUrl: "https://models.example/v1", apiKey: { file: key } }`,
      ),
    );
    expect(config.providers).toMatchObject([
      { kind: 'simulator' },
      {
        maxAttempts: 2,
        credentials: {
          accessKeyId: { env: 'KEY_ID' },
          secretAccessKey: { file: '/etc/sallyport/secrets/key' },
          sessionToken: { file: '/run/secrets/session' },
        },
      },
      { credentials: { accessKeyId: { env: 'A' }, secretAccessKey: { env: 'B' } } },
      { name: 'chain' },
      { name: 'local', baseUrl: 'http://127.0.0.1:8000/v1' },
      { name: 'keyed', apiKey: { file: '/etc/sallyport/key' } },
    ]);
  });

  it('may have providers at private addresses: those of Bedrock unless told otherwise, others where told', () => {
    const entries = [
      '{ name: simulator, kind: bedrock, region: us-east-1, endpoint: "https://10.0.0.5" }',
      '{ name: plain, kind: bedrock, region: us-east-1, allowPrivate: false }',
      '{ name: local, kind: openai-compatible, baseUrl: "https://10.0.0.5/v1", allowPrivate: true }',
      '{ name: open, kind: openai-compatible, baseUrl: "https://models.example/v1" }',
    ];
    const { providers } = parse(minimal.replace('{ name: simulator, kind: simulator }', entries.join(', ')));
    const allowed = providers.map((provider) => 'allowPrivate' in provider && provider.allowPrivate);
    expect(allowed).toEqual([true, false, true, false]);
  });

  it('may call a model by another id than its provider does', () => {
    const config = parse(minimal.replace('provider: simulator', 'provider: simulator, providerModelId: "nova/lite"'));
    expect(config.models).toMatchObject([{ id: 'amazon.nova-lite-v1:0', providerModelId: 'nova/lite' }]);
  });

  it('may have names as long as the core takes them', () => {
    const name = `a${'-'.repeat(62)}`;
    const model = `a${':'.repeat(2047)}`;
    const config = parse(minimal.replace('acme', name).replace('app', name).replace('amazon.nova-lite-v1:0', model));
    expect(config.tenants[0]).toMatchObject({ name, principals: [{ name }] });
    expect(config.models[0]?.id).toBe(model);
  });

  it('may begin with a byte order mark and have line ends of two characters', () => {
    expect(parse(`\ufeff${minimal.replaceAll('\n', '\r\n')}`).environment).toBe('test');
  });
});

describe('the demo configuration', () => {
  const config = parseConfig(demoConfigText, { path: 'sallyport.yaml' });

  it('offers four models on the simulator to two principals', () => {
    expect(config.models.map(({ id, provider }) => [id, provider])).toEqual([
      ['amazon.nova-lite-v1:0', 'simulator'],
      ['anthropic.claude-sonnet-4-5-20250929-v1:0', 'simulator'],
      ['amazon.titan-text-express-v1', 'simulator'],
      ['amazon.titan-embed-text-v2:0', 'simulator'],
    ]);
    expect(config.tenants).toEqual([
      {
        name: 'demo',
        guardrails: [],
        principals: [
          { name: 'developer', roles: ['developer', 'security'], guardrails: [] },
          { name: 'titanOnly', roles: [], guardrails: [] },
        ],
      },
    ]);
  });

  it('says no more than the defaults do', () => {
    const { data, listen, limits, inspection } = parseConfig(minimal, { path: 'sallyport.yaml' });
    expect(config).toMatchObject({ data, listen, limits, inspection });
  });
});

describe('what is wrong with a configuration', () => {
  it('is told with file, line and column, all at once', () => {
    expect(
      problemsOf(() =>
        parseConfig(
          minimal
            .replace('region:', 'regoin:')
            .replace('provider: simulator }', 'provider: simulater, providerModelId: 7 }'),
          { path: 'sallyport.yaml' },
        ),
      ),
    ).toEqual([
      'sallyport.yaml:1:1: `region`: missing',
      'sallyport.yaml:3:1: unknown key `regoin`; did you mean `region`?',
      'sallyport.yaml:5:51: `models[0].provider`: there is no provider `simulater`; did you mean `simulator`?',
      'sallyport.yaml:5:79: `models[0].providerModelId`: expected a text',
    ]);
  });

  it.each<[Readonly<Record<string, string>>, string]>([
    [{ version: '2' }, '1:10: `version`: expected `1`'],
    [{ environment: 'Prod' }, '2:14: `environment`: expected up to 16 lower-case letters and digits'],
    [{ region: 'Frankfurt' }, '3:9: `region`: expected an AWS region such as `us-east-1`'],
    [{ region: '' }, '3:9: `region`: expected a text'],
    [{ providers: '[]' }, '4:12: `providers`: expected at least 1 entries'],
    [{ providers: 'simulator' }, '4:12: `providers`: expected a list'],
    [{ tenants: '{}' }, '6:10: `tenants`: expected a list'],
    [{ tenants: '[acme]' }, '6:11: `tenants[0]`: expected a mapping of keys to values'],
    [
      { tenants: '[{ name: a b, principals: [] }]' },
      '6:19: `tenants[0].name`: expected a letter, then up to 62 letters, digits, `_` or `-`',
    ],
    [{ policies: '[permit]' }, '7:12: `policies[0]`: expected `{ file: PATH }` or `{ name: NAME, cedar: TEXT }`'],
    [{ policies: '[{ name: a, cedr: b }]' }, '7:12: `policies[0].cedar`: missing'],
    [{ policies: '[{ file: a, name: b }]' }, '7:23: unknown key `name`'],
    [{ policies: '[{ file: a, name: b, cedar: c }]' }, '7:14: unknown key `file`'],
    [{ listen: '{ port: 65536 }' }, '8:17: `listen.port`: expected at most 65535'],
    [{ listen: '{ port: 80.5 }' }, '8:17: `listen.port`: expected a whole number'],
    [{ listen: '{ host: "a b" }' }, '8:17: `listen.host`: expected a host name or an IP address'],
    [{ listen: '{ port: 9000, adminPort: 9000 }' }, '8:34: `listen.adminPort`: the data port has this number'],
    [{ listen: '{ port: 8081 }' }, '8:9: `listen.adminPort`: the data port has this number'],
    [
      { listen: '{ tls: { certificate: c.pem, key: { file: k.pem } } }' },
      '8:31: `listen.tls.certificate`: expected a mapping of keys to values',
    ],
    [{ listen: '{ tls: { key: { file: k.pem } } }' }, '8:16: `listen.tls.certificate`: missing'],
    [{ listen: '{ tls: { ephemeral: false } }' }, '8:29: `listen.tls.ephemeral`: expected `true`'],
    [{ listen: '{ tls: true }' }, '8:16: `listen.tls`: expected `certificate` and `key`, or `ephemeral: true`'],
    [{ listen: '{ tls: { ephemeral: true, key: { file: k.pem } } }' }, '8:35: unknown key `key`'],
    [
      { listen: '{ tls: { certificate: { file: c }, key: { file: k }, clientCertificates: optional } }' },
      '8:82: `listen.tls.clientCertificates`: there is no `clientCa` that they could come from',
    ],
    [{ limits: '{ maxBodyBytes: 0 }' }, '8:25: `limits.maxBodyBytes`: expected at least 1'],
    [{ limits: '{ bodyTimeoutMs: .inf }' }, '8:26: `limits.bodyTimeoutMs`: expected a number'],
    [{ inspection: '{ input: { EMIAL: mask } }' }, '8:24: unknown key `EMIAL`; did you mean `EMAIL`?'],
    [
      { inspection: '{ input: { EMAIL: redact } }' },
      '8:31: `inspection.input.EMAIL`: expected `mask`, `block`, `allow` or `ignore`',
    ],
    [
      { inspection: '{ output: { PROMPT_ATTACK: block } }' },
      '8:40: `inspection.output.PROMPT_ATTACK`: expected `allow` or `ignore`',
    ],
    [
      { inspection: '{ blockedInputMessage: "" }' },
      '8:36: `inspection.blockedInputMessage`: expected at least 1 characters',
    ],
    [
      { providers: '[{ name: simulator, kind: openai }]' },
      '4:38: `providers[0].kind`: expected `simulator`, `bedrock` or `openai-compatible`',
    ],
    [{ providers: '[{ name: simulator }]' }, '4:13: `providers[0].kind`: missing'],
    [{ providers: '[{ name: simulator, kind: simulator, region: us-east-1 }]' }, '4:49: unknown key `region`'],
    [
      { providers: '[{ name: simulator, kind: bedrock, region: us-east-1, endpoint: "http://example.com" }]' },
      '4:76: `providers[0].endpoint`: expected an `https:` URL without credentials, query or fragment; ' +
        '`http:` only on loopback',
    ],
    [
      { providers: '[{ name: simulator, kind: openai-compatible, baseUrl: "https://169.254.169.254/v1" }]' },
      '4:66: `providers[0].baseUrl`: an address where no model is served: link-local, of a metadata service, or of no ' +
        'one machine',
    ],
    [
      { providers: '[{ name: simulator, kind: openai-compatible, baseUrl: "https://10.0.0.5/v1" }]' },
      '4:66: `providers[0].baseUrl`: a private address, which needs `allowPrivate: true`',
    ],
    [
      {
        providers:
          '[{ name: simulator, kind: bedrock, region: us-east-1, allowPrivate: false, endpoint: "https://10.0.0.5" }]',
      },
      '4:97: `providers[0].endpoint`: a private address, which needs `allowPrivate: true`',
    ],
    [{ '"a strange key"': '1' }, '8:1: unknown key `…`'],
    [{ __proto__x: '1' }, '8:1: unknown key `__proto__x`'],
    [{ '"__proto__"': '{ a: 1 }' }, '8:1: unknown key `__proto__`'],
  ])('is told of %j', (change, problem) => {
    const problems = problemsWith(change);
    expect(problems).toContain(`sallyport.yaml:${problem}`);
  });

  it.each<[Readonly<Record<string, string>>, string]>([
    [{ tenants: '[{ name: a, principals: [] }, { name: a, principals: [] }]' }, '6:48: `tenants[1].name`: `a`'],
    [
      { tenants: '[{ name: a, principals: [{ name: x }, { name: x }] }]' },
      '6:56: `tenants[0].principals[1].name`: `x`',
    ],
    [
      { providers: '[{ name: simulator, kind: simulator }, { name: simulator, kind: simulator }]' },
      '4:59: `providers[1].name`: `simulator`',
    ],
    [{ models: '[{ id: m, provider: simulator }, { id: m, provider: simulator }]' }, '5:48: `models[1].id`: `m`'],
    [{ policies: '[{ name: a, cedar: "" }, { name: a, cedar: "" }]' }, '7:44: `policies[1].name`: `a`'],
    [{ policies: '[{ name: a, cedar: "" }, { file: a }]' }, '7:44: `policies[1].file`: `a`'],
  ])('is a name that stands twice: %j', (change, problem) => {
    expect(problemsWith(change)).toEqual([`sallyport.yaml:${problem} stands here a second time`]);
  });

  it('is not that two tenants have principals of one name', () => {
    const tenants = '[{ name: a, principals: [{ name: x }] }, { name: b, principals: [{ name: x }] }]';
    expect(problemsWith({ tenants })).toEqual([]);
  });

  it('is told of an empty file and of one that is no mapping', () => {
    for (const text of ['', '# nothing', 'text', '[]', '1']) {
      expect(problemsOf(() => parse(text))).toEqual([
        expect.stringMatching(/^\/etc\/sallyport\/sallyport\.yaml:1:\d+: expected a mapping of keys to values$/),
      ]);
    }
  });

  it('ends after twenty', () => {
    const text = Array.from({ length: 30 }, (_, index) => `  - { name: "${index}", principals: [] }`).join('\n');
    const problems = problemsOf(() => parse(minimal.replace(/tenants: .*/, `tenants:\n${text}`)));
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toBe('/etc/sallyport/sallyport.yaml: and 10 more');
  });

  it('is told of twenty unknown keys of one mapping', () => {
    const keys = Array.from({ length: 30 }, (_, index) => `zz${index}: 1`).join('\n');
    expect(problemsOf(() => parse(`${minimal}${keys}`))).toHaveLength(20);
  });

  it('is a ConfigError, whatever the text', () => {
    const token = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '|',
      '&',
      '*',
      '!',
      '?',
      '%',
      '1',
      'models',
      ',',
      '#',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 30 }), (tokens) => {
        expect(problemsOf(() => parse(tokens.join('')))).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a literal secret', () => {
  const secret = fc.constantFrom(
    'AKIAIOSFODNN7EXAMPLE',
    'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'sp_demo_abcdefghijklmnop_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ',
    'sk-ant-api03-abcdefghijklmnopqrst',
    '-----BEGIN EC PRIVATE KEY-----',
    'https://user:hunter2hunter2@example.com/',
  );
  const place = fc.constantFrom(
    (value: string) => `${minimal}# ${value}\n`,
    (value: string) => `${minimal}password: "${value}"\n`,
    (value: string) => `${minimal}"${value}": 1\n`,
    (value: string) => minimal.replace('name: acme', `name: "${value}"`),
    (value: string) => minimal.replace('provider: simulator', `provider: "${value}"`),
    (value: string) => minimal.replace('policies: []', `policies: [{ name: a.cedar, cedar: "// ${value}" }]`),
    (value: string) => minimal.replace('kind: simulator', `kind: bedrock, endpoint: "${value}"`),
    (value: string) => `data: "${value}\n`,
    (value: string) => `a: *"${value}"\n`,
    (value: string) => `${minimal}data: !${value} x\n`,
  );

  it('is refused wherever it stands, and never repeated', () => {
    fc.assert(
      fc.property(secret, place, (value, at) => {
        const message = problemsOf(() => parse(at(value))).join('\n');
        expect(message).toMatch(/:\d+:\d+: this looks like an? [A-Z]|:\d+:\d+: this looks like an? /);
        for (let start = 0; start + 12 <= value.length; start += 1) {
          expect(message).not.toContain(value.slice(start, start + 12));
        }
      }),
    );
  });

  it('is told once, with its place and the way out, and hides what else is wrong there', () => {
    const providers =
      '[{ name: simulator, kind: simulator }, { name: b, kind: bedrock, region: us-east-1, credentials: ' +
      '{ accessKeyId: AKIAIOSFODNN7EXAMPLE, secretAccessKey: { env: KEY } } }]';
    expect(problemsWith({ providers })).toEqual([
      'sallyport.yaml:4:124: this looks like an AWS access key id; name a secret by `{ env: NAME }` or `{ file: PATH }`',
    ]);
  });

  it('is told once in quotes, too', () => {
    expect(problemsWith({ data: '"AKIAIOSFODNN7EXAMPLE"' })).toEqual([
      expect.stringContaining('8:8: this looks like an AWS access key id'),
    ]);
  });

  it('is found behind an escape and in a folded text', () => {
    expect(problemsWith({ data: '"\\x41KIAIOSFODNN7EXAMPLE"' })).toEqual([
      expect.stringContaining('8:7: this looks like an AWS access key id'),
    ]);
    expect(problemsWith({ data: '"AKIAIOSF\\\n  ODNN7EXAMPLE"' })).toEqual([
      expect.stringContaining('8:7: this looks like an AWS access key id'),
    ]);
  });

  it('is found by its place where it has no form of its own', () => {
    const bedrock = (credentials: string) =>
      `[{ name: simulator, kind: simulator }, { name: b, kind: bedrock, region: us-east-1, credentials: ${credentials} }]`;
    expect(
      problemsWith({ providers: bedrock('{ accessKeyId: { env: A }, secretAccessKey: correct4horse9battery }') }),
    ).toEqual([expect.stringContaining('this looks like a secret')]);
    expect(
      problemsWith({ providers: bedrock('{ accessKeyId: { env: A }, secretAccessKey: { env: CORRECT_HORSE } }') }),
    ).toEqual([]);
  });
});

describe('YAML that a reviewer could read otherwise than the gateway', () => {
  it.each([
    ['an anchor', 'data: &a x', '8:10: anchors are not accepted'],
    ['an alias', 'listen: *a', '8:9: aliases are not accepted'],
    ['a merge key', '<<: { data: x }', '8:1: unknown key `…`'],
    ['a tag', 'data: !!str x', '8:13: tags are not accepted'],
    ['a tag of its own', 'data: !exec x', '8:13: tags are not accepted'],
    ['a tag on a mapping', 'listen: !!map { port: 1 }', '8:15: tags are not accepted'],
    ['a key that stands twice', 'version: 1', '8:1: the same key stands here twice'],
    ['a key that stands twice in other clothes', '"version": 1', '8:1: the same key stands here twice'],
    ['a second document', '---\nversion: 1', '8:1: the file holds a second document'],
    ['a mapping as a key', '? { a: 1 }\n: 1', '8:3: a key must be a plain text'],
    ['half of a character', 'data: "\\ud800"', '8:7: a text holds half of a character'],
    ['deep nesting', `data: ${'['.repeat(40)}${']'.repeat(40)}`, '8:23: nested too deeply'],
    ['a tab as indent', 'listen:\n\tport: 1', '9:1: tabs cannot indent'],
  ])('is refused: %s', (_, line, problem) => {
    expect(problemsOf(() => parseConfig(minimal + line, { path: 'sallyport.yaml' }))).toContain(
      `sallyport.yaml:${problem}`,
    );
  });

  it('is refused: a directive that changes what words mean', () => {
    expect(problemsOf(() => parse(`%YAML 1.1\n---\n${minimal}`))).toEqual([
      '/etc/sallyport/sallyport.yaml:1:1: directives are not accepted',
    ]);
  });

  it('is refused: aliases that would grow without end', () => {
    const bomb = Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`).join('\n');
    expect(problemsOf(() => parse(`a0: &a0 [x]\n${bomb}`))).toContain(
      '/etc/sallyport/sallyport.yaml:2:9: anchors are not accepted',
    );
  });

  it('is refused: nesting that would exhaust the stack, and more than 1 MiB', () => {
    const nested = problemsOf(() => parse('['.repeat(20_000)));
    expect(nested[0]).toContain('nested too deeply');
    expect(new Set(nested).size).toBe(nested.length);
    expect(problemsOf(() => parse('#'.repeat(1_048_577)))).toEqual([
      '/etc/sallyport/sallyport.yaml is larger than 1 MiB',
    ]);
  });
});

describe('a configuration on disk', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-config-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'sallyport.yaml');
  const withPolicies = (...policies: readonly string[]) =>
    minimal.replace('policies: []', ['policies:', ...policies.map((policy) => `  - { ${policy} }`)].join('\n'));

  it('is read with its policy files, each by the name it is given', async () => {
    mkdirSync(join(directory, 'policies'));
    writeFileSync(join(directory, 'policies', 'main.cedar'), 'permit (principal, action, resource);');
    writeFileSync(path, withPolicies('file: policies/main.cedar', 'name: inline, cedar: "// none"'));
    const config = await loadConfig(path);
    expect(config.policies).toEqual([
      { name: 'policies/main.cedar', text: 'permit (principal, action, resource);' },
      { name: 'inline', text: '// none', within: path },
    ]);
    expect(config.data).toBe(join(directory, '.sallyport'));
  });

  it('is refused where a policy file is missing, a directory, not UTF-8, too large or holds a secret', async () => {
    writeFileSync(join(directory, 'latin.cedar'), Buffer.from([0x2f, 0x2f, 0xe9]));
    writeFileSync(join(directory, 'large.cedar'), ' '.repeat(1_048_577));
    writeFileSync(join(directory, 'secret.cedar'), '// AKIAIOSFODNN7EXAMPLE');
    const files = ['gone.cedar', 'policies', 'latin.cedar', 'large.cedar', 'secret.cedar'];
    writeFileSync(path, withPolicies(...files.map((file) => `file: ${file}`)));
    await expect(loadConfig(path)).rejects.toMatchObject({
      problems: [
        `${path}:8:13: the policy file cannot be read (ENOENT)`,
        `${path}:9:13: the policy file is not a regular file`,
        `${path}:10:13: the policy file is not valid UTF-8`,
        `${path}:11:13: the policy file is larger than 1 MiB`,
        `${path}:12:13: the policy file holds what looks like an AWS access key id`,
      ],
    });
  });

  it('is refused where it is missing itself', async () => {
    const missing = join(directory, 'missing.yaml');
    const error = await loadConfig(missing).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ message: `${missing} cannot be read (ENOENT)`, cause: { code: 'ENOENT' } });
  });

  it('does not pass on an error without a code', () => {
    const readFile = () => {
      throw new Error('the secret is hunter2');
    };
    const problems = problemsOf(() => parseConfig(withPolicies('file: a.cedar'), { path, readFile }));
    expect(problems).toEqual([`${path}:8:13: the policy file cannot be read (unknown error)`]);
  });
});

describe('keys of KMS', () => {
  const arn = 'arn:aws:kms:eu-central-1:111122223333:key/mrk-0a1b2c3d4e5f60718293a4b5c6d7e8f9';
  const parse = (kms: string) => parseConfig(`${minimal}keys: { kms: ${kms} }`, { path: 'sallyport.yaml' }).keys;

  it('are named by their ARNs, which are no secrets', () => {
    expect(parse(`{ key: "${arn}" }`)).toEqual({
      kms: { key: arn, tenants: {}, formerKeys: [], acceptsKeyRing: false },
    });
    const whole = `{ key: "${arn}", tenants: { gone: "${arn}" }, formerKeys: ["${arn}"], endpoint: "https://kms.example" }`;
    expect(parse(whole)).toMatchObject({ kms: { tenants: { gone: arn }, formerKeys: [arn] } });
    const placed = '{ key: { ssm: /sallyport/prod/keys/record }, tenants: { gone: { env: KEY } } }';
    expect(parse(placed)).toMatchObject({
      kms: { key: { ssm: '/sallyport/prod/keys/record' }, tenants: { gone: { env: 'KEY' } } },
    });
  });

  it.each([
    ['{}', '`keys.kms.key`: missing'],
    ['{ key: { file: key } }', '`keys.kms.key`: expected the ARN of a KMS key, or where it is'],
    ['{ key: { env: "a b" } }', '`keys.kms.key.env`: expected the name of an environment variable'],
    ['{ key: alias/log }', '`keys.kms.key`: expected the ARN of a KMS key'],
    [`{ key: "${arn.replace('key/', 'alias/')}" }`, '`keys.kms.key`: expected the ARN of a KMS key'],
    [`{ key: "${arn}", tenants: { bank: x } }`, '`keys.kms.tenants.bank`: expected the ARN of a KMS key'],
    [`{ key: "${arn}", endpoint: "http://kms.example" }`, '`keys.kms.endpoint`: expected an `https:` URL'],
  ])('are refused with what is wrong about them: %s', (kms, problem) => {
    expect(problemsOf(() => parseConfig(`${minimal}keys: { kms: ${kms} }`, { path: 'sallyport.yaml' }))).toEqual([
      expect.stringContaining(problem),
    ]);
  });
});
