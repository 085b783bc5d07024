import { describe, expect, it } from 'vitest';
import { ConfigError } from '../config-error.ts';
import { demoConfigText } from '../demo.data.ts';
import { parseConfig } from '../load.ts';

const CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d';
const service = (more = '') => `service: { certificate: "${CERTIFICATE}", domainName: genai.example${more} }`;

const deployOf = (text: string) => parseConfig(`${demoConfigText}\ndeploy: { ${text} }`, { path: 's.yaml' }).deploy;

function problemOf(text: string): string {
  try {
    deployOf(text);
    return '';
  } catch (error) {
    return error instanceof ConfigError ? error.problems.map((one) => one.replace(/^s\.yaml:[0-9:]* /, '')).join() : '';
  }
}

describe('what is deployed', () => {
  it('is a network without callers and destinations, and no front door, unless told', () => {
    expect(deployOf('')).toMatchObject({
      tags: {},
      network: { cidr: '10.40.0.0/20', zones: 3, callers: [], destinations: [], logRetentionDays: 365 },
    });
    expect([deployOf('')?.service, deployOf('')?.function]).toEqual([undefined, undefined]);
    expect(deployOf(service())?.service).toMatchObject({
      cpu: 1024,
      tasks: { min: 2, max: 10 },
      architecture: 'x86_64',
    });
  });

  it.each([
    ['network: { cidr: 10.40.0.0/28 }', '`deploy.network.cidr`: expected a prefix of 16 to 24 bits'],
    ['network: { callers: [everyone] }', '`deploy.network.callers[0]`: expected a range such as `10.40.0.0/16`'],
    [
      'network: { destinations: [{ cidr: 10.9.0.0/24, port: 443, name: "*" }] }',
      '`deploy.network.destinations[0].name`: expected a name such as `models.internal.example`',
    ],
    [
      'network: { prefixLists: { s3: pl-1, dynamodb: pl-02cd2c6b } }',
      '`deploy.network.prefixLists.s3`: expected an id such as `pl-0a1b2c3d`',
    ],
    [service(', imageDigest: latest'), '`deploy.service.imageDigest`: expected `sha256:` and 64 hexadecimal digits'],
    [service(', tasks: { min: 4, max: 3 }'), '`deploy.service.tasks.max`: expected at least `min`'],
    ['service: { certificate: mine, domainName: genai.example }', '`deploy.service.certificate`: expected an ARN'],
  ])('is told what is wrong with %s', (text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });
});
