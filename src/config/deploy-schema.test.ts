import { describe, expect, it } from 'vitest';
import { demoConfigText } from './demo.data.ts';
import { parseConfig } from './load.ts';

const parse = (deploy: string) =>
  parseConfig(`${demoConfigText}\ndeploy: ${deploy}`, { path: 'sallyport.yaml' }).deploy;

describe('what is deployed', () => {
  it('is, without a word, what is safe: nothing shared, no people let in, everything kept as long as it can be', () => {
    expect(parse('{}')).toMatchObject({
      keys: { multiRegion: false },
      record: { recoveryDays: 35, formerTenants: [], operators: [], auditors: [], security: [] },
      tenants: { readsState: false, exchanges: false, maxRoles: 1_000 },
    });
    expect(parse('{ vectors: {} }')?.vectors).toEqual({ mode: 'role', maxUnits: 8 });
    expect(parse('{ vault: { account: "444455556666", region: eu-west-1 } }')?.vault).toMatchObject({
      lockedDays: 3_650,
      lockMode: 'compliance',
    });
  });

  it('takes a guardrail by its version, or where that is', () => {
    const arn = 'arn:aws:bedrock:eu-central-1:111122223333:guardrail/abc123:7';
    expect(parse(`{ tenants: { guardrail: "${arn}" } }`)?.tenants.guardrail).toBe(arn);
    expect(parse('{ tenants: { guardrail: { ssm: /guardrails/main } } }')?.tenants.guardrail).toEqual({
      ssm: '/guardrails/main',
    });
  });

  it.each([
    ['{ tenants: { guardrail: "arn:aws:bedrock:eu-central-1:111122223333:guardrail/abc123:DRAFT" } }', 'a version'],
    ['{ tenants: { guardrail: "arn:aws:bedrock:eu-central-1:111122223333:guardrail/abc123" } }', 'a version'],
    ['{ record: { auditors: ["arn:aws:iam::111122223333:root"] } }', 'expected the ARN of a role or a user'],
    ['{ record: { auditors: ["*"] } }', 'expected the ARN of a role or a user'],
    ['{ record: { bucket: "Bank_Log" } }', 'expected the name of a bucket'],
    ['{ record: { recoveryDays: 36 } }', 'expected at most 35'],
    [
      '{ record: { replica: { bucket: x, key: y, account: "111122223333", region: eu-west-1 } } }',
      'expected the ARN of',
    ],
    ['{ vectors: { endpoint: x } }', 'expected an id such as'],
  ])('refuses %s', (deploy, problem) => {
    expect(() => parse(deploy)).toThrow(problem);
  });
});
