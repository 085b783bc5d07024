import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type AnswerEvent,
  type Caller,
  createRequestId,
  type JournalRecord,
  type Part,
  parsePrincipalId,
  parseTenantId,
  type RequestId,
} from '../../core/index.ts';
import { openAdministration } from '../../server/index.ts';
import { createLocalKeyRing, openState } from '../../state/index.ts';
import { removeTemporaryDirectories, sallyport, temporaryDirectory } from '../terminal.suite.ts';
import { openRecord, writeRecord } from './record.suite.ts';

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

const audit = (...words: readonly string[]) => sallyport('audit', ...words, '--data', data);
const show = (id: string, ...words: readonly string[]) => audit('show', id, ...words);
const BECAUSE = ['--reason', 'case 4711', '--operator', 'olga'];

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
    servedModel: 'nova-lite',
    bytesReceived: 57,
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

/** The state, for as long as `use` takes. */
async function withState(use: (state: Awaited<ReturnType<typeof openState>>) => Promise<void>): Promise<void> {
  const keyRing = await createLocalKeyRing(join(data, 'keys', 'root.key'));
  const state = await openState({ file: join(data, 'state', 'state.db'), keyRing });
  try {
    await use(state);
  } finally {
    state.close();
  }
}

/** Writes records as a gateway does, and gives the id they share. */
async function record(...makers: readonly ((id: RequestId) => JournalRecord)[]): Promise<RequestId> {
  count += 1;
  const id = createRequestId(time, new Uint8Array(10).fill(count));
  await using open = await openRecord(data);
  for (const make of makers) await open.journal.append(make(id), caller);
  return id;
}

/** Takes what was written into the log. */
function lastSegment(): string {
  const segments = join(data, 'audit', 'log', 'segments');
  const names = readdirSync(segments, { recursive: true, encoding: 'utf8' });
  // By the index that each begins with, behind the alias of a tenant.
  const placeOf = (name: string) => name.slice(name.indexOf('/'));
  names.sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
  return names.map((name) => join(segments, name)).findLast((name) => statSync(name).isFile()) ?? '';
}

/** Flips a bit of the last record of the last segment. Gives the segment's path in the log. */
function damageLastRecord(): string {
  const file = lastSegment();
  const bytes = readFileSync(file);
  const at = bytes.length - 20;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  chmodSync(file, 0o600);
  writeFileSync(file, bytes);
  return relative(join(data, 'audit', 'log'), file);
}

async function sequence(): Promise<void> {
  await using open = await openRecord(data);
  await open.log.round();
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
    expect(await show(id, '--full', ...BECAUSE)).toEqual({
      code: 0,
      error: '',
      out: [
        `2026-01-02T03:04:05.000Z  request  ${id}  (not in the log yet)`,
        '  caller    demo/developer with apiKey k1',
        '  call      openai chat.completions on amazon.nova-lite-v1:0 (simulator: nova-lite), 57 bytes',
        '  stages    detect: found, mask: rewrite',
        '  findings  EMAIL 2',
        '  original  /messages/0/content: "write to jane@example.com"',
        '  sent      /messages/0/content: "write to {EMAIL}"',
        '2026-01-02T03:04:05.000Z  release 0  (not in the log yet)',
        '  text      "a \\"word\\""',
        '2026-01-02T03:04:05.000Z  response  complete  (not in the log yet)',
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
    expect(out).toMatch(/response {2}failed \(forbidden\) {2}\(not in the log yet\)\n {2}findings {2}none$/);
    expect(out).not.toMatch(/ sent | tokens /);
  });

  it('tells what the caller says as what the caller says', async () => {
    const id = await record((id) => requestOf(id, { unverifiedMetadata: { case: '47\u001b11' } }), responseOf);
    expect((await show(id)).out).toContain('  caller says  "case": "47\\u001b11"');
  });

  it('shows a buffered answer in its response', async () => {
    const released: readonly AnswerEvent[] = [{ kind: 'start' }, { kind: 'delta', index: 0, text: 'a "word"' }];
    const id = await record(requestOf, (id) => responseOf(id, { released }));
    const { out } = await show(id, '--body', ...BECAUSE);
    expect(out).toMatch(/response {2}complete {2}\(.*\)\n {2}findings {2}none\n {2}text {6}"a \\"word\\""$/);
  });

  it('prints the records as JSON', async () => {
    const id = await record(requestOf, responseOf);
    const records = JSON.parse((await show(id, '--full', '--json', ...BECAUSE)).out);
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
    const { out } = await show(id, '--full', ...BECAUSE);
    expect(out).toMatch(/a\\u0007.*b"/);
    expect(out).toMatch(/\/fields\/x\\u0007.*y: /);
    expect(out).toMatch(/c\\u0007.*d"/);
    expect(out).toMatch(/e\\u0007.*f"/);
    expect(out).toContain('\\u001b');
    expect(out).toContain('\\u202e');
    expect(out).not.toMatch(/[^\n\x20-\x7e]/);
    expect(out.split('\n')).toHaveLength(11);
  });

  it('shows no content unless it is asked for, with a reason, and then masked unless all of it is', async () => {
    const finding = { part: 0, start: 9, end: 25, type: 'EMAIL', detector: 'email' } as never;
    const id = await record((id) => requestOf(id, { findings: [finding] }), responseOf);
    for (const words of [[], ['--json']]) expect((await show(id, ...words)).out).not.toContain('jane');
    expect(await show(id, '--body')).toMatchObject({ code: 2, out: '', error: expect.stringContaining('--reason') });
    expect(await show(id, '--full', '--reason', ' ')).toMatchObject({ code: 2, out: '' });
    expect((await show(id, '--body', '--reason', 'x'.repeat(1_001))).code).toBe(2);
    const masked = await show(id, '--body', ...BECAUSE);
    expect(masked.out).toContain('  masked    /messages/0/content: "write to {EMAIL}"');
    expect(masked.out).not.toContain('original');
    expect(masked.out).not.toContain('jane');
    expect((await show(id, '--body', '--json', ...BECAUSE)).out).toContain('write to {EMAIL}');
    expect((await show(id, '--full', '--reason', 'why')).out).toContain('jane@example.com');
  });

  it('records who read what was said, and why, before it shows it', async () => {
    const id = await record(requestOf, responseOf);
    await show(id, '--full', ...BECAUSE);
    await sequence();
    const { records } = JSON.parse((await audit('list', '--type', 'bodyAccess', '--json')).out);
    expect(records).toMatchObject([{ type: 'bodyAccess', tenant: '-', operator: 'olga', request: id }]);
    expect((await audit('list', '--type', 'bodyAccess')).out).toMatch(
      new RegExp(`bodyAccess +- +olga +read a body +${records[0].requestId} +${id}$`),
    );
    const { out } = await show(records[0].requestId, '--full', ...BECAUSE);
    expect(out).toMatch(/operator {2}"olga"\n {2}act {7}read a body, because "case 4711"/);
    expect(out).toContain(`request   "${id}"`);
    expect(out).toContain('view      "full"');
    const plain = await show(id, '--body', '--reason', 'x');
    expect(plain.code).toBe(0);
  });

  it('reads from the log what is no more in the journal, with its place', async () => {
    const id = await record(
      requestOf,
      (id) => releaseOf(id, { kind: 'delta', index: 0, text: 'part' }),
      (id) => responseOf(id, { released: [{ kind: 'delta', index: 0, text: 'rest' }] }),
    );
    await sequence();
    const { out } = await show(id, '--body', ...BECAUSE);
    expect(out).toMatch(/request {2}.*\(entry 0\)/);
    expect(out).toMatch(/"part"(?:.|\n)*"rest"/);
    expect(JSON.parse((await show(id, '--json')).out)).toMatchObject([{ index: 0 }, { index: 1 }, { index: 2 }]);
    expect(JSON.parse((await show(id, '--json')).out)[0].leafHash).toMatch(/^[0-9a-f]{64}$/);
    expect((await show('2', '--body', ...BECAUSE)).out).toBe(out);
    expect(await show('9')).toMatchObject({ code: 1, error: 'sallyport: the log has no such entry yet' });
    // Beside an index that is behind.
    await (await openRecord(data))[Symbol.asyncDispose]();
    const administration = await openAdministration({ dataDirectory: data });
    await administration.audit.index.cut(0);
    await administration[Symbol.asyncDispose]();
    expect(JSON.parse((await show(id, '--json')).out)).toHaveLength(3);
  });

  it('says no with 1 where there is no such record, and does not guess at ids', async () => {
    await record();
    const none = await show('019ab2c4-7d00-7a5c-9f1e-2f6f0f7c9a11');
    expect(none).toEqual({ code: 1, out: '', error: 'sallyport: no record of this request' });
    const guessed = await show('nonsense');
    expect(guessed).toMatchObject({
      code: 2,
      error: expect.stringMatching(/^sallyport: expected a request id, such as 019/),
    });
    expect(guessed.error).toContain('or the number of an entry, such as 4711');
    expect((await audit('prove', 'nonsense')).error).toBe(guessed.error);
  });

  it('takes the ids that answers have', async () => {
    const id = await record(requestOf, responseOf);
    const digits = id.replaceAll('-', '');
    for (const name of [digits, `chatcmpl-${digits}`, `resp_${digits}`, `msg_${digits}`, `msg_bdrk_${digits}`]) {
      expect((await show(name)).out).toContain(id);
    }
    for (const name of [digits.slice(1), `${digits}0`, `toolu_${digits}`, `msg_${id}0`]) {
      expect((await show(name)).code).toBe(2);
    }
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

describe('sallyport audit list', () => {
  it('lists what is in the log, the newest first, and pages through it', async () => {
    await record();
    expect((await audit('list')).out).toBe('nothing found');
    const id = await record(requestOf, (id) => responseOf(id, { status: 'blocked' }));
    await sequence();
    const { out } = await audit('list');
    const lines = out.split('\n').map((line) => line.trimEnd());
    expect(lines[0]).toMatch(/^entry +time +type +tenant +principal +model +outcome +findings +request +about$/);
    expect(lines[1]).toMatch(/^1 +2026-01-02T03:04:05\.000Z +response +demo +developer +blocked +.*$/);
    expect(lines[2]).toContain(id);
    expect(lines[2]).toContain('EMAIL');
    const first = await audit('list', '--limit', '1');
    expect(first.error).toBe('more: --cursor 1');
    expect((await audit('list', '--limit', '1', '--cursor', '1')).out).toContain('request');
    expect(JSON.parse((await audit('list', '--limit', '1', '--json')).out)).toMatchObject({
      records: [{ index: 1 }],
      cursor: 1,
    });
    expect(JSON.parse((await audit('list', '--finding', 'EMAIL', '--json')).out).records).toHaveLength(1);
  });

  it('takes a time with its zone', async () => {
    await record(requestOf, responseOf);
    await sequence();
    const places = async (...words: string[]) =>
      JSON.parse((await audit('list', '--type', 'request', '--json', ...words)).out).records.length;
    expect(await places('--from', '2026-01-02', '--until', '2026-01-03')).toBe(1);
    expect(await places('--from', '2026-01-02T04:05:00+01:00')).toBe(0);
    expect(await places('--until', '2026-01-02T03:04:05Z')).toBe(0);
  });

  it.each([
    ['--from', 'yesterday'],
    ['--limit', '0'],
    ['--limit', '1001'],
    ['--cursor', 'x'],
    ['--type', 'letter'],
  ])('refuses %s %s', async (...words) => {
    expect((await audit('list', ...words)).code).toBe(2);
  });

  it('names the types of finding that there are to whoever asks for another', async () => {
    const refused = await audit('list', '--finding', 'CARD');
    expect(refused).toMatchObject({ code: 2, error: expect.stringContaining('CREDIT_DEBIT_CARD_NUMBER') });
  });

  it('lists the others beside an act that is damaged', async () => {
    const id = await record(requestOf, responseOf);
    await sequence();
    // By itself, so that it is what the last segment has.
    await show(id, '--full', '--reason', 'why', '--operator', 'olga');
    await sequence();
    damageLastRecord();
    const { code, out } = await audit('list');
    expect([code, out]).toEqual([0, expect.stringMatching(/bodyAccess +- +– +/)]);
    expect(out).toContain(id);
  });

  it('says of an act that cannot be opened that it cannot', async () => {
    const id = await record(requestOf);
    await show(id, '--full', '--reason', 'why', '--operator', 'a\u001b[2Jb');
    await sequence();
    const words = ['list', '--type', 'bodyAccess'];
    expect((await audit(...words)).out).toContain('a\\u001b[2Jb');
    await withState(async ({ wrappedKeys }) => {
      const key = await wrappedKeys.find('-', 'gateway');
      expect(await wrappedKeys.destroy(key?.keyId ?? new Uint8Array(), time)).toBe(true);
    });
    expect((await audit(...words)).out).toMatch(/bodyAccess +- +erased +read a body +\S+ *$/);
    expect(JSON.parse((await audit(...words, '--json')).out).records).toMatchObject([{ missing: 'erased' }]);
    rmSync(join(data, 'audit', 'log', 'segments'), { recursive: true });
    expect((await audit(...words)).out).toMatch(/bodyAccess +- +– +read a body/);
    expect(await show('0')).toMatchObject({ code: 1, error: 'sallyport: this entry was removed' });
  });
});

describe('sallyport audit verify', () => {
  it('says that a log is consistent in itself, and no more, unless something was kept elsewhere', async () => {
    await record();
    expect((await audit('verify')).out).toMatch(/^internally consistent: 0 entries of a log without a checkpoint/);
    await record(requestOf, responseOf);
    await sequence();
    await record(requestOf, responseOf);
    const { code, out } = await audit('verify', '--with-keys');
    expect(code).toBe(0);
    expect(out).toMatch(/^internally consistent: 2 entries of sallyport\/demo\n/);
    expect(out).toContain('none was kept elsewhere');
    expect(out).toContain('2 entries are not in the log yet');
    const anchored = await audit('verify', '--checkpoint', join(data, 'kept'));
    expect(anchored.out).toMatch(/^verified: 2 entries/);
    expect(anchored.out).toContain('1 kept elsewhere agree');
    const [name = ''] = readdirSync(join(data, 'kept'));
    expect((await audit('verify', '--checkpoint', join(data, 'kept', name), '--json')).out).toContain(
      '"result": "verified"',
    );
    expect((await audit('verify', '--checkpoint', join(data, 'nowhere'))).code).toBe(2);
  });

  it('verifies a copy on a machine that has no key', async () => {
    await record(requestOf, responseOf);
    await sequence();
    const key = (await audit('key')).out;
    expect(JSON.parse((await audit('key', '--json')).out)).toEqual({ key });
    const copy = ['audit', 'verify', '--dir', join(data, 'audit')];
    expect(await sallyport(...copy, '--key', key)).toMatchObject({ code: 0, error: '' });
    expect((await sallyport(...copy)).error).toContain('--key');
    expect((await sallyport(...copy, '--key', key, '--with-keys')).error).toContain('leave out --dir');
    const other = 'sallyport/demo+7d8e4f5c+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    expect((await sallyport(...copy, '--key', other)).code).toBe(2);
  });

  it('names the first bad entry, and exits with 1', async () => {
    await record(requestOf, responseOf);
    await sequence();
    const log = join(data, 'audit', 'log');
    const names = readdirSync(log, { recursive: true, encoding: 'utf8' });
    const segment = join(
      log,
      names.find((name) => /segments.*\/000$/.test(name) && statSync(join(log, name)).isFile()) ?? '',
    );
    const bytes = readFileSync(segment);
    bytes.writeUInt8((bytes[60] ?? 0) ^ 1, 60);
    chmodSync(segment, 0o600);
    writeFileSync(segment, bytes);
    const { code, out } = await audit('verify');
    expect(code).toBe(1);
    expect(out).toMatch(/^damaged: 2 entries/);
    expect(out).toMatch(/bad +entry 0: segments\/.*: its record is not the one its leaf commits to/);
    expect(JSON.parse((await audit('verify', '--json')).out)).toMatchObject({ result: 'damaged', faultCount: 1 });
  });
});

describe('sallyport audit prove and consistency', () => {
  it('proves an entry by its number or its request, in a form that anyone can check', async () => {
    const id = await record(requestOf, responseOf);
    expect(await audit('prove', id)).toMatchObject({ code: 1, error: expect.stringContaining('not in the log yet') });
    await sequence();
    const { out } = await audit('prove', id);
    expect(out).toMatch(/^c2sp\.org\/tlog-proof@v1\nindex 0\n.{44}\n\nsallyport\/demo\n2\n/);
    expect((await audit('prove', '0')).out).toBe(out);
    expect(JSON.parse((await audit('prove', '0', '--json')).out)).toEqual({ index: 0, proof: `${out}\n` });
    const file = join(data, 'one.tlog-proof');
    expect((await audit('prove', '1', '--out', file)).error).toBe(`wrote ${file}`);
    expect(readFileSync(file, 'utf8')).toContain('index 1');
    for (const taken of [file, join(data, 'nowhere', 'x')]) {
      const error = `sallyport: ${taken} cannot be written, or is there already`;
      expect(await audit('prove', '0', '--out', taken)).toEqual({ code: 2, out: '', error });
    }
    expect(readFileSync(file, 'utf8')).toContain('index 1');
    expect((await audit('prove', '2')).code).toBe(1);
    expect((await audit('prove', '019ab2c4-7d00-7a5c-9f1e-2f6f0f7c9a11')).code).toBe(1);
  });

  it('shows that the log goes on from what was kept', async () => {
    await record(requestOf, responseOf);
    await sequence();
    const [name = ''] = readdirSync(join(data, 'kept'));
    const early = join(data, 'early.checkpoint');
    writeFileSync(early, readFileSync(join(data, 'kept', name)));
    await record(requestOf, responseOf, requestOf);
    await sequence();
    expect((await audit('consistency', early)).out).toBe('the log of 5 entries begins with that of 2');
    const shown = JSON.parse((await audit('consistency', '3', '4', '--json')).out);
    expect(shown).toMatchObject({ oldSize: 3, newSize: 4, proof: expect.any(Array) });
    expect(JSON.parse((await audit('consistency', '0', '--json')).out)).toMatchObject({ oldSize: 0, proof: [] });
    expect((await audit('consistency', '9')).code).toBe(1);
    expect((await audit('consistency', '1', 'x')).code).toBe(2);
    expect(await audit('consistency', '4', '3')).toMatchObject({ code: 2, error: 'sallyport: 4 is more than 3' });
  });

  it('says no where the log was written anew', async () => {
    await record(requestOf, responseOf);
    await sequence();
    const [name = ''] = readdirSync(join(data, 'kept'));
    const kept = readFileSync(join(data, 'kept', name), 'utf8');
    const early = join(temporaryDirectory(), 'early.checkpoint');
    writeFileSync(early, kept);
    for (const gone of ['audit', 'state', 'staging', 'kept']) rmSync(join(data, gone), { recursive: true });
    await record(requestOf, responseOf);
    await sequence();
    expect(await audit('consistency', early)).toMatchObject({ code: 1, error: expect.stringContaining('another') });
    expect((await audit('verify', '--checkpoint', early)).out).toContain('has another log of the first 2 entries');
  });
});

describe('sallyport audit restore', () => {
  it('lets the log go on where the state was put back from a backup', async () => {
    await record(requestOf, responseOf);
    await sequence();
    expect(await audit('restore', ...BECAUSE)).toMatchObject({ code: 1, error: expect.stringContaining('nothing to') });
    const backup = join(temporaryDirectory(), 'state');
    cpSync(join(data, 'state'), backup, { recursive: true });
    await record(requestOf, responseOf);
    await sequence();
    rmSync(join(data, 'state'), { recursive: true });
    cpSync(backup, join(data, 'state'), { recursive: true });
    await record(requestOf, responseOf);
    await expect(sequence()).rejects.toMatchObject({ name: 'StaleHeadError' });
    expect(await audit('restore')).toMatchObject({ code: 2, error: expect.stringContaining('--reason') });
    const restored = await audit('restore', ...BECAUSE);
    expect(restored).toEqual({ code: 0, out: 'the log goes on behind its 4 entries; the head had 2', error: '' });
    await sequence();
    expect((await audit('verify', '--with-keys', '--checkpoint', join(data, 'kept'))).out).toMatch(
      /^verified: 7 entries/,
    );
    const { records } = JSON.parse((await audit('list', '--type', 'administration', '--json')).out);
    expect(records).toHaveLength(1);
  });

  it('prints JSON, and makes no head without a log', async () => {
    await record(requestOf, responseOf);
    expect(await audit('restore', ...BECAUSE)).toMatchObject({
      code: 1,
      error: expect.stringContaining('no published'),
    });
    await sequence();
    rmSync(join(data, 'state'), { recursive: true });
    await record();
    expect(JSON.parse((await audit('restore', '--json', ...BECAUSE)).out)).toEqual({ from: 0, to: 2 });
  });
});

describe('sallyport audit reindex', () => {
  it('makes the index anew', async () => {
    await record(requestOf, responseOf);
    await sequence();
    expect((await audit('reindex')).out).toBe('2 records indexed');
    expect(JSON.parse((await audit('reindex', '--json')).out)).toEqual({ records: 2 });
    expect(JSON.parse((await audit('list', '--json')).out).records).toHaveLength(2);
  });

  it('keeps what it has of a record that does not open, and says which that is', async () => {
    const id = await record(requestOf, responseOf);
    await sequence();
    await record(requestOf, responseOf);
    await sequence();
    const listed = (await audit('list', '--json')).out;
    const path = damageLastRecord();
    const error = `sallyport: entry 3, ${path}: its record does not decrypt in its place; run \`audit verify\``;
    expect(await audit('reindex')).toEqual({ code: 2, out: '3 records indexed', error });
    expect((await audit('list', '--json')).out).toBe(listed);
    expect(await show(id)).toMatchObject({ code: 0, error: '' });
    expect(await show('3')).toEqual({ code: 2, out: '', error });
  });

  it('says how many do not open', async () => {
    await record(requestOf, responseOf);
    await sequence();
    const file = lastSegment();
    chmodSync(file, 0o600);
    writeFileSync(file, 'nothing');
    const { code, error } = await audit('reindex', '--json');
    expect(code).toBe(2);
    expect(error).toMatch(
      /^sallyport: entry 0, segments\/.*: its segment cannot be read; run `audit verify` \(and 1 more\)$/,
    );
  });

  it('makes none of a log that is not there', async () => {
    await (await openRecord(data))[Symbol.asyncDispose]();
    expect((await audit('reindex')).out).toBe('0 records indexed');
    await record(requestOf, responseOf);
    await sequence();
    rmSync(join(data, 'audit', 'log'), { recursive: true });
    const error = 'sallyport: the log has no checkpoint, and the index stays as it is: run `audit verify`';
    expect(await audit('reindex')).toEqual({ code: 2, out: '', error });
    expect(JSON.parse((await audit('list', '--json')).out).records).toHaveLength(2);
  });
});

describe('sallyport audit erase', () => {
  const whose = ['--tenant', 'demo', '--subject', 'developer'];

  it('destroys what was recorded of a subject, says until when that is pending, and leaves a log that verifies', async () => {
    const id = await record(requestOf, responseOf);
    await sequence();
    const { code, out } = await audit('erase', ...whose, ...BECAUSE);
    expect(code).toBe(0);
    expect(out).toMatch(/^1 key destroyed; complete once backups of the state made before now are gone, by 20\d\d-/);
    expect(await show(id)).toMatchObject({ code: 1, error: 'sallyport: no record of this request' });
    for (const of of [whose, ['--tenant', 'nope']]) {
      const nothing = { code: 1, out: '', error: 'sallyport: nothing was recorded of it' };
      expect(await audit('erase', ...of, ...BECAUSE)).toEqual(nothing);
    }
    await sequence();
    expect((await audit('verify', '--with-keys')).out).toContain('2 records, as the log says');
    expect((await audit('list', '--type', 'erasure', '--json')).out).toContain('"type": "erasure"');
    await record(requestOf, responseOf);
    expect(JSON.parse((await audit('erase', '--tenant', 'demo', '--json', ...BECAUSE)).out).keys).toHaveLength(1);
  });

  it('says of what is not in the log yet that it was erased', async () => {
    const id = await record(requestOf, responseOf);
    await audit('erase', ...whose, ...BECAUSE);
    expect(await show(id)).toMatchObject({ code: 1, error: expect.stringContaining('has been destroyed') });
  });

  it('takes whose it is by either name', async () => {
    const id = await record(requestOf, responseOf);
    expect((await audit('erase', '-t', 'demo', '-p', 'developer', '-s', 'other', ...BECAUSE)).code).toBe(2);
    expect((await show(id)).code).toBe(0);
    expect((await audit('erase', '-t', 'demo', '-p', 'developer', ...BECAUSE)).out).toContain('1 key destroyed');
  });

  it('needs a reason and a name, and goes against no legal hold', async () => {
    const id = await record(requestOf, responseOf);
    expect((await audit('erase', ...whose)).error).toContain('--reason');
    expect((await audit('erase', '--tenant', '-', ...BECAUSE)).code).toBe(2);
    expect((await audit('hold', 'place', '--tenant', 'demo', ...BECAUSE)).out).toBe('held: all of demo');
    const refused = await audit('erase', ...whose, ...BECAUSE);
    expect(refused).toMatchObject({ code: 1, error: expect.stringContaining('a legal hold is on all of demo since') });
    expect((await show(id)).code).toBe(0);
    expect((await audit('hold', 'lift', '--tenant', 'demo', ...BECAUSE)).out).toBe('no more held: all of demo');
    expect((await audit('erase', ...whose, ...BECAUSE)).code).toBe(0);
  });
});

describe('sallyport audit hold', () => {
  it('places, lists and lifts holds, on the record', async () => {
    await record();
    expect((await audit('hold', 'list')).out).toBe('no legal holds');
    await audit('hold', 'place', '-t', 'demo', '-s', 'developer', ...BECAUSE);
    expect((await audit('hold', 'list')).out).toMatch(/demo +developer +20/);
    await audit('hold', 'place', '-t', 'demo', ...BECAUSE);
    expect(JSON.parse((await audit('hold', 'list', '--json')).out)).toMatchObject([
      { tenant: 'demo' },
      { subject: 'developer' },
    ]);
    expect(await audit('hold', 'lift', '-t', 'other', ...BECAUSE)).toMatchObject({ code: 1 });
    expect((await audit('hold', 'place', '-t', 'demo')).code).toBe(2);
    expect((await audit('hold', 'lift', '-t', 'demo')).code).toBe(2);
    await sequence();
    expect(JSON.parse((await audit('list', '--type', 'administration', '--json')).out).records).toHaveLength(2);
  });
});

describe('sallyport audit hold place', () => {
  it('holds nobody whom neither the configuration nor the record has, unless that is said', async () => {
    await record();
    const place = (...words: readonly string[]) => audit('hold', 'place', ...words, ...BECAUSE);
    const nowhere = 'in the configuration or the record';
    const refused = (what: string) => ({ code: 2, out: '', error: `sallyport: there is no ${what}` });
    expect(await place('-t', 'nope')).toEqual(refused(`tenant \`nope\` ${nowhere}`));
    expect(await place('-t', 'demos')).toEqual(refused(`tenant \`demos\` ${nowhere}; did you mean \`demo\`?`));
    expect(await place('-t', 'demo', '-s', 'nope')).toEqual(refused(`principal \`demo/nope\` ${nowhere}`));
    expect((await audit('hold', 'list')).out).toBe('no legal holds');
    await writeRecord(data, 'gone');
    expect((await place('-t', 'gone', '-p', 'developer')).code).toBe(0);
    expect((await place('-t', 'gone', '-p', 'nobody')).code).toBe(2);
    expect((await place('-t', 'demo', '-p', 'titanOnly')).code).toBe(0);
    expect((await place('-t', 'nope', '--unknown')).out).toBe('held: all of nope');
    const held = { tenant: 'nope', held: true };
    expect(JSON.parse((await place('-t', 'nope', '--unknown', '--json')).out)).toEqual(held);
    const lifted = await audit('hold', 'lift', '-t', 'nope', '--json', ...BECAUSE);
    expect(JSON.parse(lifted.out)).toEqual({ ...held, held: false });
  });
});

describe('sallyport audit rekey', () => {
  it('wraps every key anew, after which all is read as before', async () => {
    const id = await record(requestOf, responseOf);
    await sequence();
    expect(await audit('rekey')).toMatchObject({ code: 2, error: expect.stringContaining('--reason') });
    expect((await audit('rekey', ...BECAUSE)).out).toBe('1 key wrapped anew, by wrapping key 2');
    expect((await show(id)).code).toBe(0);
    expect(JSON.parse((await audit('rekey', '--json', ...BECAUSE)).out)).toEqual({ generation: 3, keys: 2 });
    const after = await record(requestOf, responseOf);
    await sequence();
    for (const one of [id, after]) expect((await show(one, '--full', ...BECAUSE)).out).toContain('jane@example.com');
    expect((await audit('verify', '--with-keys')).code).toBe(0);
    expect(JSON.parse((await audit('list', '--type', 'key', '--json')).out).records).toHaveLength(2);
  });
});
