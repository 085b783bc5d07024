import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CloudFormation, startCloudFormation } from '../../../tools/cloudformation.ts';
import { isAnswerUrl } from './answer.ts';
import { createHandler, type Lifecycle } from './handler.ts';
import { Refusal } from './refusal.ts';
import { parseRequest } from './request.ts';

let cloudFormation: CloudFormation;
beforeAll(async () => {
  cloudFormation = await startCloudFormation();
});
afterAll(() => cloudFormation.close());

const SECRET = 'wJalrXUtnFEMI';
const lines: string[] = [];
const handlerOf = (lifecycle: Partial<Lifecycle>) =>
  createHandler(
    { physicalId: 'thing', put: async () => ({ Colour: 'green' }), remove: async () => undefined, ...lifecycle },
    { isAnswerUrl: () => true, log: (line) => lines.push(line) },
  );

describe('the handler of a custom resource', () => {
  it('answers what was made, under one id for its whole life', async () => {
    const stack = cloudFormation.createStack(handlerOf({}));
    const [made] = await stack.create({});
    expect(made).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing', Data: { Colour: 'green' } });
    expect(await stack.update({ Size: 2 })).toHaveLength(1);
    expect(await stack.remove()).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: 'thing' }]);
  });

  it('tells a refusal of its own in words, and is asked to take away what was not made', async () => {
    const removed: unknown[] = [];
    const stack = cloudFormation.createStack(
      handlerOf({
        put: async () => Promise.reject(new Refusal('somebody else has it')),
        remove: async (properties) => void removed.push(properties),
      }),
    );
    const answers = await stack.create({ Size: 1 });
    expect(answers).toMatchObject([{ Status: 'FAILED', Reason: 'somebody else has it' }, { Status: 'SUCCESS' }]);
    expect(removed).toEqual([{ Size: '1' }]);
  });

  it('tells of any other error its name alone, in the answer and in the log', async () => {
    const failing = async () => Promise.reject(Object.assign(new Error(`key ${SECRET}`), { name: 'AccessDenied' }));
    const [answer] = await cloudFormation.createStack(handlerOf({ put: failing })).create({ Secret: SECRET });
    expect(answer?.Reason).toBe('AWS or the function failed: AccessDenied');
    const text = lines.join('\n');
    expect(text).toContain('AccessDenied');
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain('/answers/');
  });

  it('answers before its time ends, where what it asks does not', async () => {
    const stack = cloudFormation.createStack(handlerOf({ put: () => new Promise(() => undefined) }), 15_100);
    const [answer] = await stack.create({});
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: 'it took too long' });
  });

  it('answers again where the answer was not taken, and without the URL where it never is', async () => {
    const stack = cloudFormation.createStack(handlerOf({}));
    cloudFormation.refuseAnswers(2);
    expect(await stack.create({})).toMatchObject([{ Status: 'SUCCESS' }]);
    cloudFormation.refuseAnswers(5);
    await expect(stack.update({})).rejects.toThrow(/^CloudFormation's answer was not taken: 500$/);
  });

  it('leaves alone what another template called by another name', async () => {
    const removed: unknown[] = [];
    const handler = handlerOf({ remove: async () => void removed.push(1) });
    const event = { RequestType: 'Delete', StackId: 's', RequestId: 'r', LogicalResourceId: 'l' };
    const ResponseURL = `${cloudFormation.url}/answers/x`;
    const context = { getRemainingTimeInMillis: () => 60_000 };
    await handler({ ...event, ResponseURL, PhysicalResourceId: 'other' }, context);
    expect(removed).toEqual([]);
    await handler({ ...event, ResponseURL, PhysicalResourceId: 'thing' }, context);
    expect(removed).toEqual([1]);
  });

  it('puts answers into buckets of CloudFormation alone', async () => {
    const bucket = 'cloudformation-custom-resource-response-eucentral1.s3.eu-central-1.amazonaws.com';
    expect(isAnswerUrl(`https://${bucket}/a?b`)).toBe(true);
    for (const url of [
      `http://${bucket}/`,
      `https://${bucket}.evil.example/`,
      'https://evil.s3.eu-central-1.amazonaws.com/',
      'https://169.254.169.254/',
    ]) {
      expect(isAnswerUrl(url)).toBe(false);
      const event = { RequestType: 'Create', StackId: 's', RequestId: 'r', LogicalResourceId: 'l', ResponseURL: url };
      const handler = createHandler({ physicalId: 'x', put: async () => ({}), remove: async () => undefined });
      await expect(handler(event, { getRemainingTimeInMillis: () => 60_000 })).rejects.toThrow('not one of CloudForm');
    }
  });

  it('takes no event that is none of CloudFormation', () => {
    for (const event of [
      undefined,
      [],
      'x',
      {},
      { RequestType: 'Create' },
      { RequestType: 'Burn', ResponseURL: 'x' },
    ]) {
      expect(() => parseRequest(event)).toThrow(Refusal);
    }
  });
});
