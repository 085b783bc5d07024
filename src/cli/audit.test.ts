import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from '../audit/index.ts';
import {
  type AnswerEvent,
  type Caller,
  createRequestId,
  type JournalRecord,
  type Part,
  parsePrincipalId,
  parseTenantId,
  type RequestId,
} from '../core/index.ts';
import { createLocalKeyRing, openState } from '../state/index.ts';
import { removeTemporaryDirectories, sallyport, temporaryDirectory } from './terminal.suite.ts';

afterAll(removeTemporaryDirectories);

const caller: Caller = {
  tenant: parseTenantId('demo'),
  principal: parsePrincipalId('developer'),
  credentialId: 'k1',
  credentialKind: 'apiKey',
};
const time = Date.UTC(2026, 0, 2, 3, 4, 5);

let data: string;
let count = 0;
beforeEach(() => {
  data = temporaryDirectory();
});

const show = (id: string, ...words: readonly string[]) => sallyport('audit', 'show', id, ...words, '--data', data);

const part = (text: string, path = '/messages/0/content'): Part => ({ kind: 'text', origin: 'user', path, text });

function requestOf(
  requestId: RequestId,
  more: Partial<Extract<JournalRecord, { kind: 'request' }>> = {},
): JournalRecord {
  return {
    kind: 'request',
    requestId,
    time,
    caller,
    protocol: 'openai',
    operation: 'chat.completions',
    action: 'InvokeModel',
    model: 'amazon.nova-lite-v1:0',
    provider: 'simulator',
    policyVersion: 'p1',
    stages: [
      { stage: 'detect', decision: 'found' },
      { stage: 'mask', decision: 'rewrite' },
    ],
    findingCounts: { EMAIL: 2 },
    findings: [],
    original: [part('write to jane@example.com')],
    ...more,
  };
}

const releaseOf = (requestId: RequestId, ...events: readonly AnswerEvent[]): JournalRecord => ({
  kind: 'release',
  requestId,
  time,
  sequence: 0,
  events,
});

const responseOf = (requestId: RequestId, more: object = {}): JournalRecord => ({
  kind: 'response',
  requestId,
  time,
  status: 'complete',
  findingCounts: {},
  findings: [],
  bytesSent: 1,
  ...more,
});

/** Writes records as a gateway does, and gives the id they share. */
async function record(...makers: readonly ((id: RequestId) => JournalRecord)[]): Promise<RequestId> {
  count += 1;
  const id = createRequestId(time, new Uint8Array(10).fill(count));
  for (const room of ['keys', 'state', 'audit']) mkdirSync(join(data, room), { recursive: true, mode: 0o700 });
  const keyRing = await createLocalKeyRing(join(data, 'keys', 'root.key'));
  const state = await openState({ file: join(data, 'state', 'state.db'), keyRing });
  const directory = join(data, 'audit', 'journal');
  const journal = await openJournal({ directory, keys: state.wrappedKeys, keyRing, clock: { now: () => time } });
  for (const make of makers) await journal.append(make(id), caller);
  await journal.close();
  state.close();
  return id;
}

describe('sallyport audit show', () => {
  it('tells an exchange in words: who, what, what was found, what went and what came', async () => {
    const id = await record(
      (id) => requestOf(id, { rewritten: [part('write to {EMAIL}')] }),
      (id) =>
        releaseOf(
          id,
          { kind: 'start' },
          { kind: 'delta', index: 0, text: 'a "word"' },
          { kind: 'stop', reason: 'endTurn' },
        ),
      (id) => responseOf(id, { usage: { inputTokens: 3, outputTokens: 4 } }),
    );
    expect(await show(id)).toEqual({
      code: 0,
      error: '',
      out: [
        `2026-01-02T03:04:05.000Z  request  ${id}`,
        '  caller    demo/developer with apiKey k1',
        '  call      openai chat.completions on amazon.nova-lite-v1:0 (simulator)',
        '  stages    detect: found, mask: rewrite',
        '  findings  EMAIL 2',
        '  original  /messages/0/content: "write to jane@example.com"',
        '  sent      /messages/0/content: "write to {EMAIL}"',
        '2026-01-02T03:04:05.000Z  release 0',
        '  text      "a \\"word\\""',
        '2026-01-02T03:04:05.000Z  response  complete',
        '  tokens    3 in, 4 out',
        '  findings  none',
      ].join('\n'),
    });
  });

  it('tells of a refusal with its code, where nothing was rewritten and no model asked', async () => {
    const id = await record(
      (id) => requestOf(id, { findingCounts: {} }),
      (id) => responseOf(id, { status: 'failed', code: 'forbidden' }),
    );
    const { out } = await show(id.toUpperCase());
    expect(out).toMatch(/response {2}failed \(forbidden\)\n {2}findings {2}none$/);
    expect(out).not.toMatch(/ sent | tokens /);
  });

  it('shows a buffered answer in its response', async () => {
    const released: readonly AnswerEvent[] = [{ kind: 'start' }, { kind: 'delta', index: 0, text: 'a "word"' }];
    const id = await record(requestOf, (id) => responseOf(id, { released }));
    expect((await show(id)).out).toMatch(/response {2}complete\n {2}findings {2}none\n {2}text {6}"a \\"word\\""$/);
  });

  it('prints the records as JSON', async () => {
    const id = await record(requestOf, responseOf);
    const records = JSON.parse((await show(id, '--json')).out);
    expect(records).toMatchObject([
      { kind: 'request', requestId: id, original: [{ text: 'write to jane@example.com' }] },
      { kind: 'response', requestId: id, status: 'complete' },
    ]);
  });

  it('lets no content steer the terminal: neither text nor the keys in a path', async () => {
    const codes = [0x07, 0x08, 0x0a, 0x0d, 0x1b, 0x7f, 0x85, 0x9b, 0xad, 0x61c, 0x200b, 0x200e, 0x200f, 0x2028, 0x202e];
    const hostile = String.fromCharCode(...codes, 0x2060, 0x2066, 0x2069, 0xfeff, 0xd800);
    const id = await record(
      (id) => requestOf(id, { original: [part(`a${hostile}b`, `/fields/x${hostile}y`)] }),
      (id) => releaseOf(id, { kind: 'delta', index: 0, text: `c${hostile}d` }),
      (id) => responseOf(id, { released: [{ kind: 'delta', index: 0, text: `e${hostile}f` }] }),
    );
    const { out } = await show(id);
    expect(out).toMatch(/a\\u0007.*b"/);
    expect(out).toMatch(/\/fields\/x\\u0007.*y: /);
    expect(out).toMatch(/c\\u0007.*d"/);
    expect(out).toMatch(/e\\u0007.*f"/);
    expect(out).toContain('\\u001b');
    expect(out).toContain('\\u202e');
    expect(out).not.toMatch(/[^\n\x20-\x7e]/);
    expect(out.split('\n')).toHaveLength(11);
  });

  it('says no with 1 where there is no such record, and does not guess at ids', async () => {
    const none = await show('019ab2c4-7d00-7a5c-9f1e-2f6f0f7c9a11');
    expect(none).toEqual({ code: 1, out: '', error: 'sallyport: no record of this request' });
    expect(await show('nonsense')).toMatchObject({ code: 2, error: expect.stringMatching(/^sallyport: .*UUIDv7\.$/) });
  });

  it('says that the journal is damaged, in one line and with 2', async () => {
    const id = await record(requestOf, responseOf);
    const directory = join(data, 'audit', 'journal');
    const [name = ''] = readdirSync(directory);
    const bytes = readFileSync(join(directory, name));
    bytes.writeUInt8((bytes[120] ?? 0) ^ 1, 120);
    writeFileSync(join(directory, name), bytes);
    const ran = await show(id);
    expect(ran).toMatchObject({ code: 2, out: '', error: expect.stringMatching(/^sallyport: [^\n]*$/) });
    expect(ran.error).not.toContain('defect');
  });
});
