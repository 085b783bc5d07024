import { hkdfSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createReadingAuthorizer } from '../access/index.ts';
import { createApprover, type FoundRecord, parseVerifierKey } from '../audit/index.ts';
import {
  type ActRecord,
  type BodyView,
  createRequestId,
  gatewayOwner,
  type JournalRecord,
  type KeyRing,
  parsePrincipalId,
  parseTenantId,
  type RecordOwner,
} from '../core/index.ts';
import {
  type BodyReading,
  type BodyReadingOptions,
  permitExport,
  permitReading,
  ReadingRefusedError,
} from './body-reading.ts';

const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const idOf = (n: number) => createRequestId(now, new Uint8Array(10).fill(n));
const requestId = idOf(1);
const origin = 'sallyport/test';

const keyRingOf = (secret: string): KeyRing => ({
  derive: (purpose) => new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32)),
});
const approverOf = (name: string) => createApprover(keyRingOf(name), name);
const otto = approverOf('otto');

const bank: RecordOwner = { tenant: 'bank', principal: 'teller' };
const acme: RecordOwner = { tenant: 'acme', principal: 'app' };

const found = (record: JournalRecord, owner: RecordOwner): FoundRecord => ({
  record,
  owner,
  leafHash: new Uint8Array(32),
});

/** The records of an exchange, of which the text is a secret. */
function exchangeOf(owner: RecordOwner, model = 'm1', id = requestId): readonly FoundRecord[] {
  const common = { requestId: id, time: now, findingCounts: {}, findings: [] };
  const caller = {
    tenant: parseTenantId(owner.tenant),
    principal: parsePrincipalId(owner.principal),
    credentialId: 'k1',
    credentialKind: 'apiKey' as const,
  };
  const request: JournalRecord = {
    ...common,
    kind: 'request',
    caller,
    protocol: 'openai',
    operation: 'chat.completions',
    action: 'InvokeModel',
    model,
    provider: 'simulator',
    servedModel: model,
    bytesReceived: 1,
    policyVersion: 'p',
    stages: [],
    original: [{ kind: 'text', origin: 'user', path: '/x', text: 'a secret' }],
  };
  const release: JournalRecord = { kind: 'release', requestId: id, time: now, sequence: 0, events: [] };
  const response: JournalRecord = { ...common, kind: 'response', status: 'complete', bytesSent: 1 };
  return [request, release, response].map((record) => found(record, owner));
}

function place(text: string, more: Partial<BodyReadingOptions> = {}) {
  const acts: Omit<ActRecord, 'requestId' | 'time'>[] = [];
  const authorizer = createReadingAuthorizer([{ name: 'main.cedar', text }]);
  const options: BodyReadingOptions = {
    authorizer,
    approvers: [parseVerifierKey(otto.verifierKey)],
    origin,
    clock: { now: () => now },
    recordAct: async (act) => void acts.push(act),
    ...more,
  };
  const asked = { operator: 'olga', view: 'masked' as BodyView, reason: 'case 4711' };
  return {
    acts,
    version: authorizer.version,
    read: (reading: Partial<BodyReading> = {}) =>
      permitReading({ ...asked, requestId, records: exchangeOf(bank), ...reading }, options),
    take: (exchanges: readonly (readonly FoundRecord[])[], view: BodyView = 'masked') =>
      permitExport({ ...asked, view, exchanges: inTurn(exchanges), details: { request: 'export', view } }, options),
  };
}

async function* inTurn<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

const READ = 'action in [Sallyport::Action::"ReadAuditBody", Sallyport::Action::"ReadAuditBodyUnmasked"]';
const permit = (condition: string, id = 'read') =>
  `@id("${id}") permit (principal, ${READ}, resource) when { ${condition} };`;
const forbid = (condition: string, id = 'no') =>
  `@id("${id}") forbid (principal, ${READ}, resource) when { ${condition} };`;
const ALL = permit('true');
const APPROVED = permit('context.approved');
const BANK = permit('resource.tenant == Sallyport::Tenant::"bank"', 'bank');

const approval = (by = otto, operator = 'olga', view: BodyView = 'masked') =>
  by.sign({ origin, requestId, view, operator, expiresAt: now + 1_000 });
const refused = (message: string) => new ReadingRefusedError(message);

describe('reading what was said', () => {
  it('is recorded: who, why, what, and by which policies', async () => {
    const { read, acts, version } = place(`${ALL} ${BANK}`);
    await read();
    expect(acts).toEqual([
      {
        kind: 'bodyAccess',
        act: 'read a body',
        operator: 'olga',
        reason: 'case 4711',
        details: { request: requestId, view: 'masked', policies: ['bank', 'read'], policyVersion: version },
      },
    ]);
  });

  it('is recorded where it is refused, without a word of it', async () => {
    const { read, acts, version } = place(`${ALL} ${forbid('resource has model && resource.model == "m1"')}`);
    await expect(read({ view: 'full' })).rejects.toThrow(refused('denied by `no`'));
    expect(acts).toEqual([
      {
        kind: 'bodyAccess',
        act: 'refuse a body',
        operator: 'olga',
        reason: 'case 4711',
        details: {
          request: requestId,
          view: 'full',
          policies: ['no'],
          policyVersion: version,
          refusal: 'denied by `no`',
        },
      },
    ]);
  });

  it('is refused where no policy is about it, by the name of the right', async () => {
    const { read, acts } = place('permit (principal, action, resource);');
    await expect(read()).rejects.toThrow(refused('no policy permits `ReadAuditBody`'));
    await expect(read({ view: 'full' })).rejects.toThrow(refused('no policy permits `ReadAuditBodyUnmasked`'));
    expect(acts).toMatchObject([{ details: { policies: [] } }, { details: { policies: [] } }]);
  });

  it('is refused where a policy fails, which is then named', async () => {
    const broken = forbid('context.reason == "x" && 9223372036854775807 + 1 == 0', 'broken');
    const { read } = place(`${BANK} ${broken}`);
    await expect(read({ reason: 'x' })).rejects.toThrow(refused('evaluating failed in `broken`'));
    await read();
  });

  it.each([ALL, ''])('does not take place where it cannot be recorded, permitted or not', async (text) => {
    const recordAct = async () => {
      throw new Error('the disk is full');
    };
    await expect(place(text, { recordAct }).read()).rejects.toThrow('the disk is full');
  });

  it('is not permitted before it is recorded', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let isPermitted = false;
    const reading = place(ALL, { recordAct: () => promise })
      .read()
      .then(() => {
        isPermitted = true;
      });
    await new Promise(setImmediate);
    expect(isPermitted).toBe(false);
    resolve();
    await reading;
    expect(isPermitted).toBe(true);
  });

  it('passes on what is no answer, and records nothing', async () => {
    const authorizer = {
      version: 'v',
      decide: () => {
        throw new RangeError('a defect');
      },
    };
    const { read, acts } = place(ALL, { authorizer });
    await expect(read()).rejects.toThrow(RangeError);
    expect(acts).toEqual([]);
  });
});

describe('what is read', () => {
  it('is of each of its owners: that they share an id gives nobody the other’s', async () => {
    const both = [...exchangeOf(bank), ...exchangeOf(acme)];
    for (const records of [both, both.toReversed()]) {
      const { read, acts } = place(BANK);
      await expect(read({ records })).rejects.toThrow(refused('no policy permits `ReadAuditBody`'));
      expect(acts).toMatchObject([{ act: 'refuse a body' }]);
    }
    await place(ALL).read({ records: both });
  });

  it('is of each model that it asked for, and an answer of that of its request', async () => {
    const { read } = place(`${ALL} ${forbid('if resource has model then resource.model == "secret" else true')}`);
    await read();
    await read({ records: exchangeOf(bank).toReversed() });
    for (const records of [
      [...exchangeOf(bank), ...exchangeOf(bank, 'secret')],
      [...exchangeOf(bank, 'secret'), ...exchangeOf(bank)],
      [...exchangeOf(bank), ...exchangeOf(acme).slice(1)],
      exchangeOf(bank).slice(1),
    ]) {
      await expect(read({ records })).rejects.toThrow(refused('denied by `no`'));
    }
  });

  it('is an exchange, also where its request is gone, or an act by its kind', async () => {
    const { read } = place(permit('resource.type == "request"'));
    await read();
    await read({ records: exchangeOf(bank).slice(1) });
    const act: ActRecord = { kind: 'erasure', requestId, time: now, operator: 'x', act: 'erase', details: {} };
    await expect(read({ records: [found(act, gatewayOwner)] })).rejects.toThrow(ReadingRefusedError);
    await place(permit('resource.type == "erasure" && resource in Sallyport::Tenant::"-"')).read({
      records: [found(act, gatewayOwner)],
    });
  });
});

describe('an approval', () => {
  it('is held against what is read, and kept whole in the record', async () => {
    const { read, acts } = place(APPROVED);
    const note = await approval();
    await read({ approval: note });
    expect(acts).toMatchObject([
      { act: 'read a body', approver: 'otto', details: { policies: ['read'], approval: note } },
    ]);
  });

  it('that does not hold is not kept, and says why', async () => {
    const { read, acts } = place(ALL);
    for (const [note, why] of [
      ['anything at all', 'none of `audit.approvers` has signed it'],
      [await approval(approverOf('mallory')), 'none of `audit.approvers` has signed it'],
      [await approval(otto, 'otto'), 'the approval is for another operator than `olga`'],
      [await approval(otto, 'olga', 'full'), 'the approval is for another view'],
    ] as const) {
      await expect(read({ approval: note })).rejects.toThrow(refused(why));
      const act = acts.pop();
      expect(act).toMatchObject({ act: 'refuse a body', details: { policies: [], refusal: why } });
      expect(act).not.toHaveProperty('approver');
      expect(act?.details).not.toHaveProperty('approval');
    }
  });

  it('is of this log, and for now', async () => {
    const note = await approval();
    await expect(place(ALL, { origin: 'other' }).read({ approval: note })).rejects.toThrow(ReadingRefusedError);
    const late = { now: () => now + 1_000 };
    await expect(place(ALL, { clock: late }).read({ approval: note })).rejects.toThrow(ReadingRefusedError);
  });

  it('is kept also where the policies refuse all the same, who are then not said to lack one', async () => {
    const { read, acts } = place(permit('context has approver && context.approver == "vera"'), {
      approvers: [otto, approverOf('vera')].map(({ verifierKey }) => parseVerifierKey(verifierKey)),
    });
    const note = await approval();
    await expect(read({ approval: note })).rejects.toThrow(refused('no policy permits `ReadAuditBody`'));
    expect(acts).toMatchObject([{ act: 'refuse a body', approver: 'otto', details: { approval: note } }]);
  });

  it('is asked for where one would do', async () => {
    const message = 'no policy permits `ReadAuditBody` without an approval';
    await expect(place(APPROVED).read()).rejects.toThrow(refused(message));
    const unless = `${ALL} @id("two") forbid (principal, action, resource) unless { context.approved };`;
    await expect(place(unless).read()).rejects.toThrow(refused('denied by `two` without an approval'));
  });

  it.each<[string, string, Partial<BodyReadingOptions>, Partial<BodyReading>]>([
    ['nobody can give it', APPROVED, { approvers: [] }, {}],
    ['who reads would have to give it', APPROVED, {}, { operator: 'Otto' }],
    ['it would do for a part', `${APPROVED} ${forbid('resource.principal == "app"')}`, {}, {}],
    ['it is refused anyway', forbid('true'), {}, {}],
  ])('is not asked for where %s', async (_, text, options, reading) => {
    const records = [...exchangeOf(bank), ...exchangeOf(acme)];
    const failing = place(text, options).read({ records, ...reading });
    await expect(failing).rejects.toThrow(ReadingRefusedError);
    await expect(failing).rejects.not.toThrow('approval');
  });
});

describe('an export', () => {
  const many = [exchangeOf(bank, 'm1', idOf(1)), exchangeOf(bank, 'm2', idOf(2)), exchangeOf(acme, 'm1', idOf(3))];

  it('is recorded as a reading is, with what it takes', async () => {
    const { take, acts, version } = place(ALL);
    await take(many, 'full');
    expect(acts).toEqual([
      {
        kind: 'bodyAccess',
        act: 'export bodies',
        operator: 'olga',
        reason: 'case 4711',
        details: { request: 'export', view: 'full', policies: ['read'], policyVersion: version },
      },
    ]);
  });

  it('takes the right of its view', async () => {
    const masked = '@id("m") permit (principal, action == Sallyport::Action::"ReadAuditBody", resource);';
    await place(masked).take(many);
    await expect(place(masked).take(many, 'full')).rejects.toThrow('no policy permits `ReadAuditBodyUnmasked`: ');
  });

  it('is refused whole, and recorded so, where one exchange of it may not be read', async () => {
    const { take, acts } = place(BANK);
    const why = 'no policy permits `ReadAuditBody`: `acme/app` on `m1`';
    await expect(take(many)).rejects.toThrow(refused(why));
    expect(acts).toMatchObject([{ act: 'refuse an export', details: { request: 'export', refusal: why } }]);
    await take(many.slice(0, 2));
  });

  it('says what is denied once for each owner and model', async () => {
    const { take } = place(
      `${ALL} ${forbid('resource.principal == "teller"')} ${forbid('resource.principal == "app"', 'b')}`,
    );
    const twice = [...many, ...many, exchangeOf(acme, 'm1', idOf(4)).slice(1)];
    await expect(take(twice)).rejects.toThrow(refused('denied by `b`, `no`: `bank/teller` on `m1` and 3 more'));
    await expect(take(twice.slice(-1))).rejects.toThrow(refused('denied by `b`: `acme/app`'));
  });

  it('is asked about exchange by exchange: a policy about one of them counts', async () => {
    const { take } = place(`${ALL} ${forbid(`resource == Sallyport::AuditRecord::"${idOf(2)}"`)}`);
    await expect(take(many)).rejects.toThrow(refused('denied by `no`: `bank/teller` on `m2`'));
    await take([...many.slice(0, 1), ...many.slice(2)]);
  });

  it('has no approval', async () => {
    const { take } = place(APPROVED);
    await expect(take(many.slice(0, 1))).rejects.toThrow(
      refused(
        'no policy permits `ReadAuditBody` without an approval, which an export cannot have: `bank/teller` on `m1`',
      ),
    );
  });

  it('of nothing takes no right, and is recorded', async () => {
    const { take, acts } = place('');
    await take([]);
    expect(acts).toMatchObject([{ act: 'export bodies', details: { policies: [] } }]);
  });

  it('is not permitted where it cannot be recorded, or the exchanges cannot be read to their end', async () => {
    const recordAct = async () => {
      throw new Error('the disk is full');
    };
    await expect(place(ALL, { recordAct }).take(many)).rejects.toThrow('the disk is full');
    const { read, acts } = place(ALL);
    async function* broken(): AsyncGenerator<readonly FoundRecord[]> {
      yield exchangeOf(bank);
      throw new Error('damaged');
    }
    const options = { authorizer: createReadingAuthorizer([]), approvers: [], origin, clock: { now: () => now } };
    const recording = { ...options, recordAct: async () => read() };
    const reading = { operator: 'olga', view: 'masked' as const, reason: randomBytes(4).toString('hex'), details: {} };
    await expect(permitExport({ ...reading, exchanges: broken() }, recording)).rejects.toThrow('damaged');
    expect(acts).toEqual([]);
  });
});
