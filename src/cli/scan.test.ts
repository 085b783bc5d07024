import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from './run.ts';

const directory = mkdtempSync(join(tmpdir(), 'sallyport-scan-'));
afterAll(() => rmSync(directory, { recursive: true }));

function write(name: string, text: string): string {
  writeFileSync(join(directory, name), text);
  return join(directory, name);
}

const machine = (data: unknown) =>
  JSON.stringify({
    Resources: {
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: { LoggingConfiguration: { IncludeExecutionData: data } },
      },
    },
  });

const sound = write('sound.json', machine(false));
const leaking = write('leaking.json', machine(true));
const open = write('open.json', machine({ Ref: 'P' }));
const american = write(
  'guardrail.yaml',
  `Resources:
  Guardrail:
    Type: AWS::Bedrock::Guardrail
    Properties:
      CrossRegionConfig: { GuardrailProfileArn: x }
      SensitiveInformationPolicyConfig:
        PiiEntitiesConfig: [{ Type: EMAIL, Action: BLOCK }]
`,
);

async function scan(...args: readonly string[]) {
  const out: string[] = [];
  const error: string[] = [];
  const terminal = { out: (text: string) => out.push(text), error: (text: string) => error.push(text) };
  const code = await run(['node', 'sallyport', 'scan', 'template', ...args], terminal);
  return { code, out: out.join('\n'), error: error.join('\n') };
}

describe('sallyport scan template', () => {
  it('passes a sound template, and says by how many rules', async () => {
    expect(await scan(sound)).toMatchObject({
      code: 0,
      out: '0 failed, 0 could not be assessed, 1 passed, by 1 rule.',
    });
  });

  it('names what fails by file, line, severity, rule and place, and exits 1', async () => {
    const { code, out } = await scan(sound, leaking);
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      `${leaking}:1: high: states-execution-data: Machine.LoggingConfiguration.IncludeExecutionData: the data of every step is logged`,
      '1 failed, 0 could not be assessed, 1 passed, by 1 rule.',
    ]);
  });

  it('does not pass what it cannot assess', async () => {
    const { code, out } = await scan(open);
    expect([code, out]).toEqual([1, expect.stringContaining(': could not assess: states-execution-data: ')]);
  });

  it('gives every result as JSON, and what does not pass as SARIF', async () => {
    const results = JSON.parse((await scan(sound, leaking, '--json')).out);
    expect(results).toMatchObject([
      { result: 'pass', resource: 'Machine' },
      { rule: 'states-execution-data', severity: 'high', result: 'fail', line: 1 },
    ]);
    const sarif = JSON.parse((await scan(sound, leaking, '--sarif')).out);
    expect(sarif.runs[0].results).toHaveLength(1);
  });

  it('holds a template against the Regions that are claimed', async () => {
    expect((await scan(american)).code).toBe(0);
    const { code, out } = await scan(american, '--regions', 'eu-central-1');
    expect([code, out]).toEqual([1, expect.stringContaining(':2: medium: bedrock-guardrail-residency: ')]);
  });

  it('exits 2 for what is no template, is not there or names no Region, and shows nothing of it', async () => {
    const secret = write('secret.yaml', 'a secret: [');
    for (const args of [[secret], [join(directory, 'none.json')], [sound, '--regions', 'Europe']]) {
      const { code, out, error } = await scan(...args);
      expect([code, out]).toEqual([2, '']);
      expect(error).not.toContain('a secret');
      expect(error).not.toBe('');
    }
  });
});
