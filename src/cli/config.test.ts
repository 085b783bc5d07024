import { afterAll, describe, expect, it } from 'vitest';
import { configFile, removeTemporaryDirectories, sallyport } from './terminal.suite.ts';

afterAll(removeTemporaryDirectories);

describe('sallyport config check', () => {
  it('says what a sound configuration holds', async () => {
    const file = configFile();
    const ran = await sallyport('config', 'check', file);
    expect(ran).toEqual({ code: 0, out: `${file} is valid: 4 models, 2 principals, 1 policy.`, error: '' });
    expect(await sallyport('config', 'check', '--config', file)).toEqual(ran);
    const { out } = await sallyport('config', 'check', file, '--json');
    expect(JSON.parse(out)).toEqual({ models: 4, principals: 2, policies: 1 });
  });

  it('says which role and which models each tenant has', async () => {
    const file = configFile((text) =>
      text
        .replace(/^ {2}- \{ name: simulator.*$/m, '  - { name: aws, kind: bedrock, region: us-west-2, roles: {} }')
        .replaceAll('provider: simulator', 'provider: aws')
        .replace('- name: demo\n', '- name: demo\n    role: { ssm: /demo/role }\n'),
    );
    const { out } = await sallyport('config', 'check', file);
    expect(out.split('\n')[1]).toMatch(/^demo on aws in us-west-2: role of ssm \/demo\/role; amazon\.nova-lite-v1:0, /);
    const { roles } = JSON.parse((await sallyport('config', 'check', file, '--json')).out);
    expect(roles).toHaveLength(1);
  });

  it('names file, line and column of everything that is wrong, and ends with 2', async () => {
    const file = configFile((text) => `${text}unknown: 1\nlimits: { maxBodyBytes: 0 }\n`);
    const { code, out, error } = await sallyport('config', 'check', file);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    const lines = error.split('\n');
    expect(lines.length).toBeGreaterThanOrEqual(2);
    for (const line of lines) expect(line).toMatch(/sallyport\.yaml:\d+:\d+/);
  });

  it('finds a policy that names what does not exist', async () => {
    const file = configFile((text) => text.replace('principal.roles.contains', 'principal.rolls.contains'));
    expect(await sallyport('config', 'check', file)).toMatchObject({
      code: 2,
      error: expect.stringMatching(new RegExp(`^${file}: policy demo\\.cedar:\\d+:\\d+: `)),
    });
  });

  it('looks for ./sallyport.yaml unless told otherwise', async () => {
    const ran = await sallyport('config', 'check');
    expect(ran).toMatchObject({ code: 2, error: expect.stringContaining('sallyport.yaml') });
  });
});

describe('sallyport config schema', () => {
  it('prints a JSON Schema that knows the parts of a configuration', async () => {
    const { code, out } = await sallyport('config', 'schema');
    expect(code).toBe(0);
    expect(Object.keys(JSON.parse(out).properties)).toEqual(
      expect.arrayContaining(['providers', 'models', 'policies']),
    );
  });
});
