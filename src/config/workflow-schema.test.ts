import { describe, expect, it } from 'vitest';
import { demoConfigText } from './demo.data.ts';
import { parseConfig } from './load.ts';

const ARN = 'arn:aws:states:us-east-1:111122223333:stateMachine:acme';
const machine = (more: string) => `{ arn: "${ARN}", ${more} }`;
const withMachines = (...machines: readonly string[]) =>
  `${demoConfigText}\nworkflow: { bucket: acme-workflow, region: us-east-1, stateMachines: [${machines.join(', ')}] }\n`;
const parse = (...machines: readonly string[]) => parseConfig(withMachines(...machines), { path: 'w.yaml' }).workflow;

describe('the workflow of a configuration', () => {
  it('says where its objects lie and whom each state machine speaks for', () => {
    expect(parse(machine('tenant: demo, principal: developer'))).toEqual({
      bucket: 'acme-workflow',
      prefix: '',
      region: 'us-east-1',
      forcePathStyle: false,
      stateMachines: [{ arn: ARN, tenant: 'demo', principal: 'developer' }],
    });
  });

  it.each([
    [
      [machine('tenant: demo, principal: develper')],
      'there is no principal `demo/develper`; did you mean `demo/developer`?',
    ],
    [[machine('tenant: other, principal: developer')], 'there is no principal `other/developer`'],
    [['{ arn: "arn:aws:states:x", tenant: demo, principal: developer }'], 'expected the ARN of a state machine'],
    [
      [machine('tenant: demo, principal: developer'), machine('tenant: demo, principal: titanOnly')],
      'stands here a second time',
    ],
  ])('is refused: %j', (machines, problem) => {
    expect(() => parse(...machines)).toThrow(problem);
  });
});
