import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { printVerifierKey, toVerifierKey } from '../audit/index.ts';
import { ConfigError, demoConfigText } from '../config/index.ts';
import { configFile, removeTemporaryDirectories, temporaryDirectory } from './gateway.suite.ts';
import { checkSetup, createSetupAuthorizer, createSetupReadingAuthorizer, loadSetup, readApprovers } from './setup.ts';

const WITNESS = printVerifierKey(toVerifierKey('otto', new Uint8Array(32), 'cosignature'));
const home = process.cwd();
afterEach(() => process.chdir(home));
afterAll(removeTemporaryDirectories);

describe('what a gateway is to be', () => {
  it('is the demo where there is no configuration', async () => {
    process.chdir(temporaryDirectory());
    const setup = await loadSetup();
    expect(setup).toMatchObject({ isDemo: true, port: 8080, adminPort: 8081 });
    expect(setup.directory.path).toBe(join(process.cwd(), '.sallyport'));
  });

  it('is what ./sallyport.yaml says, or the file that is named', async () => {
    const directory = temporaryDirectory();
    configFile('listen: { port: 1234 }\ndata: kept', directory);
    const other = configFile('listen: { port: 4321 }');
    process.chdir(directory);
    const setup = await loadSetup({});
    expect(setup).toMatchObject({ isDemo: false, port: 1234, adminPort: 8081 });
    expect(setup.directory.path).toBe(join(process.cwd(), 'kept'));
    expect((await loadSetup({ configFile: other })).port).toBe(4321);
  });

  it('is overruled by what the start is given', async () => {
    const options = { configFile: configFile('listen: { port: 1234 }'), dataDirectory: 'd', port: 1, adminPort: 2 };
    expect(await loadSetup(options)).toMatchObject({ port: 1, adminPort: 2, directory: { path: join(home, 'd') } });
  });
});

describe('checking a configuration', () => {
  it('counts what is in it', async () => {
    expect(await checkSetup({ configFile: configFile() })).toEqual({ models: 4, principals: 2, policies: 1 });
  });

  it('lists what is wrong with its policies', async () => {
    const file = configFile();
    writeFileSync(file, demoConfigText.replace('principal.roles.contains', 'principal.rolls.contains'));
    const checked = checkSetup({ configFile: file });
    await expect(checked).rejects.toThrow(ConfigError);
    await expect(checked).rejects.toThrow(new RegExp(`^${file}: policy demo\\.cedar:\\d+:\\d+: `));
  });

  it('passes on what is no fault of the policies', async () => {
    const { config } = await loadSetup({ configFile: configFile() });
    const policy = {
      name: 'main.cedar',
      get text(): never {
        throw new RangeError('a defect');
      },
    };
    const broken = { ...config, policies: [policy] };
    expect(() => createSetupAuthorizer({ config: broken })).toThrow(RangeError);
  });

  it('lists what is wrong with policies about reading', async () => {
    const text = demoConfigText.replace(
      'action == Sallyport::Action::"ReadAuditBody",',
      'action == Sallyport::Action::"Read",',
    );
    const file = configFile();
    writeFileSync(file, text);
    const { config } = await loadSetup({ configFile: file });
    expect(() => createSetupReadingAuthorizer({ config })).toThrow(ConfigError);
    await expect(checkSetup({ configFile: file })).rejects.toThrow(/demo\.cedar.*Read/);
  });
});

describe('those whose approvals count', () => {
  const OTTO = 'otto+7629fd14+AfPNGMofyorDPR+F0jOCOnxwcJVCVLG/wEbFxtikre7M';
  const withKeys = (...keys: readonly string[]) =>
    configFile(`audit:\n  approvers:\n${keys.map((key) => `    - { key: "${key}" }`).join('\n')}`);

  /** File and line of what stands so many lines below a text. */
  const placeOf = (file: string, text: string, below: number) =>
    `${file}:${readFileSync(file, 'utf8').split(text)[0]?.split('\n').length}`.replace(/\d+$/, (line) =>
      String(Number(line) + below),
    );

  it('are nobody unless they are named', async () => {
    expect(readApprovers(await loadSetup({ configFile: configFile() }))).toEqual([]);
    expect(readApprovers(await loadSetup({ configFile: withKeys(OTTO) }))).toMatchObject([{ name: 'otto' }]);
  });

  it.each([
    ['another name', OTTO.replace('otto', 'vera'), 'not a verifier key, or not whole'],
    ['the key of a witness', WITNESS, 'the key of a witness, who cannot approve'],
  ])('are refused with %s, by their place', async (_, key, why) => {
    const file = withKeys(OTTO, key);
    const place = placeOf(file, 'approvers:', 2);
    await expect(checkSetup({ configFile: file })).rejects.toThrow(
      new ConfigError([`${place}:14: \`audit.approvers[1].key\`: ${why}`]),
    );
  });

  it.each([
    ['mistyped', WITNESS.replace('+', 'x+'), 'not a verifier key, or not whole'],
    ['of an approver', OTTO, 'not the key of a witness'],
  ])('are told apart from witnesses, whose keys are refused where they are %s', async (_, key, why) => {
    const file = configFile(`audit:\n  witnesses:\n    - { url: "https://w.example", key: "${key}" }`);
    await expect(checkSetup({ configFile: file })).rejects.toThrow(
      new ConfigError([`${placeOf(file, 'witnesses:', 1)}:40: \`audit.witnesses[0].key\`: ${why}`]),
    );
    const sound = configFile(`audit:\n  witnesses:\n    - { url: "https://w.example", key: "${WITNESS}" }`);
    expect(await checkSetup({ configFile: sound })).toMatchObject({ models: expect.any(Number) });
  });
});
