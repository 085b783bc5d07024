import { afterAll, describe, expect, it } from 'vitest';
import { configFile, removeTemporaryDirectories, sallyport } from './terminal.suite.ts';

afterAll(removeTemporaryDirectories);

const NOVA = 'amazon.nova-lite-v1:0';
const TITAN = 'amazon.titan-text-express-v1';
const test = (principal: string, model: string, ...words: readonly string[]) =>
  sallyport('access', 'test', '-p', principal, '-m', model, ...words);

/** The demo with one more policy. */
const withPolicy = (policy: string) =>
  configFile((text) => text.replace(/ {6}\/\/ Titan only/, `      ${policy}\n\n$&`));

describe('sallyport access test', () => {
  it('says yes, by which policy, with 0', async () => {
    const yes = { code: 0, out: 'allowed by `developers-use-every-model`', error: '' };
    expect(await test('demo/developer', NOVA)).toEqual(yes);
    expect(await test('demo/developer', NOVA, '-a', 'ListModels')).toEqual(yes);
    expect(await test('demo/titanOnly', TITAN)).toEqual({ ...yes, out: 'allowed by `titan-only`' });
  });

  it('says no, and that nothing permits it, with 1', async () => {
    const no = { code: 1, out: 'denied: no policy permits it', error: '' };
    expect(await test('demo/titanOnly', NOVA)).toEqual(no);
  });

  it('names the policy that forbids', async () => {
    const file = withPolicy(
      '@id("no-mail") forbid (principal, action, resource) when { context has found && context.found.contains("EMAIL") };',
    );
    const denied = { code: 1, out: 'denied by `no-mail`' };
    expect(await test('demo/developer', NOVA, '-c', file)).toMatchObject({ code: 0 });
    expect(await test('demo/developer', NOVA, '-c', file, '--found', 'PHONE, EMAIL')).toMatchObject(denied);
    expect(await test('demo/developer', NOVA, '-c', file, '--remaining', 'EMAIL')).toMatchObject(denied);
    expect(await test('demo/developer', NOVA, '-c', file, '--found', 'PHONE')).toMatchObject({ code: 0 });
  });

  it('names the policy whose evaluation failed: it denies, whatever the others say', async () => {
    const file = withPolicy(
      '@id("overflow") permit (principal, action, resource) when { 9223372036854775807 + 1 > 0 };',
    );
    const ran = await test('demo/developer', NOVA, '--config', file);
    expect(ran).toMatchObject({ code: 1, out: 'denied: evaluating failed in `overflow`' });
  });

  it('prints the decision as JSON, with the same exit code', async () => {
    const yes = await test('demo/developer', NOVA, '--json');
    expect(JSON.parse(yes.out)).toEqual({ allowed: true, policies: ['developers-use-every-model'], failed: false });
    const no = await test('demo/titanOnly', NOVA, '--json');
    expect(JSON.parse(no.out)).toEqual({ allowed: false, policies: [], failed: false });
    expect([yes.code, no.code]).toEqual([0, 1]);
  });

  it.each([
    ['developer', NOVA, [], /must be given as tenant\/name/],
    ['demo/', NOVA, [], /must be given as tenant\/name/],
    ['demo/a/b', NOVA, [], /must be given as tenant\/name/],
    ['/developer', NOVA, [], /not a valid tenant name/],
    ['demo/developer', '?', [], /not a valid model id/],
    ['demo/nobody', NOVA, [], /the configuration has no principal `demo\/nobody`$/],
    ['other/developer', NOVA, [], /the configuration has no principal `other\/developer`$/],
    ['demo/develper', NOVA, [], /no principal `demo\/develper`; did you mean `demo\/developer`\?$/],
    ['demo/developer', 'nope', [], /the configuration has no model `nope`$/],
    ['demo/developer', `${NOVA}1`, [], /no model `.*`; did you mean `amazon.nova-lite-v1:0`\?$/],
    ['demo/developer', NOVA, ['-a', 'DeleteModel'], /Allowed choices are InvokeModel/],
    ['demo/developer', NOVA, ['--found', 'EMAIL,SHOE_SIZE'], /must be among ADDRESS, AGE/],
    ['demo/developer', NOVA, ['--remaining', ''], /must be among/],
  ])('does not guess what %s, %s and %j mean: 2', async (principal, model, words, message) => {
    const ran = await test(principal, model, ...words);
    expect(ran).toMatchObject({ code: 2, out: '', error: expect.stringMatching(message) });
  });
});
