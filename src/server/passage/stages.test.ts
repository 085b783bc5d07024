import { describe, expect, it } from 'vitest';
import { createAuthorizer } from '../../access/index.ts';
import { demoConfigText, parseConfig } from '../../config/index.ts';
import { GatewayError, toContentPolicy } from '../../core/index.ts';
import { play, recordsOf } from './passage.suite.ts';
import { contentAccessStage, isRecordLate } from './stages.ts';

const SSN = 'my social security number is 536-90-4399';

/** The demo, with a policy that keeps some content away from one model, whatever rewrites do. */
function forbidding(content: string, input = '') {
  const text = demoConfigText
    .replace(/ {6}\/\/ Titan only/, `      forbid (principal, action, resource) when { ${content} };\n\n$&`)
    .replace('EMAIL: mask', `EMAIL: mask${input}`);
  const config = parseConfig(text, { path: 'demo.yaml' });
  const authorizer = createAuthorizer(config);
  return { authorizer, moreStages: [contentAccessStage(authorizer, toContentPolicy(config.inspection))] };
}
const has = (list: string) => `context has ${list} && context.${list}.contains("US_SOCIAL_SECURITY_NUMBER")`;

describe('asking the policies about content', () => {
  it('denies what a policy forbids to be found, and records that it did', async () => {
    const { moreStages } = forbidding(has('found'));
    const scene = play({ prompt: SSN, moreStages });
    await expect(scene.result).rejects.toMatchObject({ code: 'forbidden' });
    const [request, response] = recordsOf(scene.steps, 'appended');
    expect(request).toMatchObject({ stages: expect.arrayContaining([{ stage: 'content-access', decision: 'fault' }]) });
    expect(response).toMatchObject({ status: 'failed', code: 'forbidden' });
    await expect(play({ prompt: 'nothing here', moreStages }).result).resolves.toMatchObject({ outcome: 'complete' });
  });

  it('lets masked content pass where only what remains is forbidden, and denies it where it is left as it is', async () => {
    const masked = forbidding(has('remaining'));
    await expect(play({ prompt: SSN, ...masked }).result).resolves.toMatchObject({ outcome: 'complete' });
    const left = forbidding(has('remaining'), '\n    US_SOCIAL_SECURITY_NUMBER: allow');
    await expect(play({ prompt: SSN, moreStages: left.moreStages }).result).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('a record stage that is out of time', () => {
  const fault = (code: 'inspectionFailed' | 'journalUnavailable', stage: string) =>
    ({
      kind: 'fault',
      exchange: {} as never,
      stages: [{ stage, decision: 'fault' }],
      error: new GatewayError(code),
    }) as const;

  it('is told from a journal that refuses and from another stage that is late', () => {
    expect(isRecordLate(fault('inspectionFailed', 'record'))).toBe(true);
    expect(isRecordLate(fault('journalUnavailable', 'record'))).toBe(false);
    expect(isRecordLate(fault('inspectionFailed', 'detect'))).toBe(false);
    const blocked = { types: [], message: '' };
    expect(isRecordLate({ kind: 'deny', exchange: {} as never, stages: [], blocked })).toBe(false);
  });
});
