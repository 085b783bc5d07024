import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { CfnVPCEndpoint } from 'aws-cdk-lib/aws-ec2';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { afterAll, describe, expect, it } from 'vitest';
import { synthesize } from './app/synthesis.ts';

const scratch = mkdtempSync(join(tmpdir(), 'sallyport-synth-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Runs the command where there is no sallyport.yaml, without credentials or anything else of the environment. */
function synth(...args: readonly string[]) {
  const program = join(import.meta.dirname, 'synth.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: scratch,
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '' },
  });
  return { status, stdout, stderr };
}

const createAppAt = (name: string) =>
  new App({ outdir: join(scratch, name), analyticsReporting: false, builtinCloudFormationValidation: false });

describe('npm run synth', () => {
  it('writes an assembly of the example where there is no configuration, without credentials', () => {
    const { status, stdout, stderr } = synth('--out', 'example', '--json');
    expect([status, stderr]).toEqual([0, 'synth: there is no sallyport.yaml: this is the example\n']);
    expect(existsSync(join(scratch, 'example/manifest.json'))).toBe(true);
    const { stacks, errors } = JSON.parse(stdout);
    expect(errors).toEqual([]);
    for (const { file } of stacks) {
      expect(file).toMatch(/^Sallyport-(?:prod-[a-z0-9-]+|bootstrap)\.template\.json$/);
      expect(existsSync(join(scratch, 'example', file))).toBe(true);
    }
  });

  it('exits 2 with the lines of the configuration that are not sound, or how it is used', () => {
    const config = join(scratch, 'bad.yaml');
    writeFileSync(config, 'version: 1\nenvironment: prod\n');
    const bad = synth('--out', 'bad', '--config', config);
    expect([bad.status, bad.stdout]).toEqual([2, '']);
    expect(bad.stderr).toContain(`${config}:1:1: \`region\`: missing\n`);
    expect(synth()).toMatchObject({ status: 2, stderr: expect.stringContaining('--out is missing') });
    expect(synth('--wrong')).toMatchObject({ status: 2, stderr: expect.stringContaining('usage: ') });
  });
});

describe('a synthesis', () => {
  it('tells stacks, warnings and what endpoints cost, and leaves no template of a stack that is no more', () => {
    const app = createAppAt('billed');
    const stack = new Stack(app, 'Sallyport-test-network', { env: { region: 'eu-central-1' } });
    const endpoint = (id: string, serviceName: string, zones: number, vpcEndpointType: string) =>
      new CfnVPCEndpoint(stack, id, {
        serviceName,
        vpcEndpointType,
        vpcId: 'vpc-1',
        subnetIds: Array.from({ length: zones }, (_none, index) => `subnet-${index}`),
      });
    endpoint('Kms', `com.amazonaws.${stack.region}.kms`, 3, 'Interface');
    endpoint(
      'Runtime',
      `com.amazonaws.${Stack.of(new Stack(app, 'Sallyport-test-other')).region}.bedrock-runtime`,
      2,
      'Interface',
    );
    endpoint('S3', 'com.amazonaws.eu-central-1.s3', 0, 'Gateway');
    stack.node.addMetadata('aws:cdk:warning', 'the endpoints are dear');
    writeFileSync(join(scratch, 'billed', 'Sallyport-test-gone.template.json'), '{}');
    const { stacks, warnings, errors, endpoints } = synthesize(app);
    expect(stacks).toMatchObject([
      { name: 'Sallyport-test-network', file: 'Sallyport-test-network.template.json', resources: 3 },
      { name: 'Sallyport-test-other' },
    ]);
    expect([warnings, errors]).toEqual([[expect.stringContaining('the endpoints are dear')], []]);
    expect(endpoints).toEqual({
      rows: [
        { service: 'bedrock-runtime', zones: 2, monthlyUsd: 14.6 },
        { service: 'kms', zones: 3, monthlyUsd: 21.9 },
      ],
      monthlyUsd: 36.5,
    });
    expect(existsSync(join(scratch, 'billed', 'Sallyport-test-gone.template.json'))).toBe(false);
  });

  it('fails above what CloudFormation takes', () => {
    const app = createAppAt('large');
    const stack = new Stack(app, 'Sallyport-test-large');
    // CDK has a limit of its own, which a stack may lift; CloudFormation's stays.
    stack.node.setContext('@aws-cdk/core:stackResourceLimit', 0);
    for (let index = 0; index < 501; index += 1) {
      new CfnTopic(stack, `Topic${index}`, { displayName: 'x'.repeat(2_500) });
    }
    expect(synthesize(app).errors).toEqual([
      expect.stringContaining('Sallyport-test-large: 501 resources'),
      expect.stringContaining('CloudFormation takes 1000000'),
    ]);
  });
});
