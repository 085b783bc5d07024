import { afterAll, describe, expect, it } from 'vitest';
import { createDynamoDB } from '../../aws/index.ts';
import {
  type Credential,
  type IndexedRecord,
  parsePrincipalId,
  parseRequestId,
  parseTenantId,
  type WrappedKey,
} from '../../core/index.ts';
import type { State } from '../state.ts';
import { describeWithDynamoDB } from './dynamodb-fixture.suite.ts';
import { addFaults, type FaultPlan, faults } from './faulty-client.suite.ts';
import { createDynamoDBState } from './open-dynamodb-state.ts';
import { createTable as toTable } from './table.ts';

const credential: Credential = {
  id: 'one',
  kind: 'apiKey',
  tenant: parseTenantId('bank'),
  principal: parsePrincipalId('app'),
  secret: Uint8Array.of(1),
  createdAt: 1,
};

const key: WrappedKey = {
  tenant: 'bank',
  subject: 'app',
  keyId: new Uint8Array(16).fill(1),
  wrapped: new Uint8Array(400).fill(2),
  generation: 1,
};

const record = (index: number, given: Partial<IndexedRecord> = {}): IndexedRecord => ({
  index,
  time: 1_764_000_000_000 + index,
  type: 'request',
  requestId: parseRequestId('019ab2c4-7d00-7a5c-9f1e-000000000001'),
  tenant: 'bank',
  principal: index % 2 === 0 ? 'app' : 'web',
  findings: [],
  segment: index < 26 ? 'segments/a' : 'segments/b',
  ...given,
});
const records = (from: number, until: number) => Array.from({ length: until - from }, (_, at) => record(from + at));
const places = async ({ index }: State) => (await index.list({ limit: 100 })).map((one) => one.index);

interface Write {
  readonly name: string;
  readonly before?: (state: State) => Promise<unknown>;
  readonly write: (state: State) => Promise<unknown>;
  /** What is to be seen of it. */
  readonly seen: (state: State) => Promise<unknown>;
}

const [one, two] = [Uint8Array.of(1), Uint8Array.of(2)];
const anew = { wrapped: new Uint8Array(400).fill(9), generation: 2 };
const indexed = ({ index }: State) => index.add(records(0, 30), 0, 30);

const writes: readonly Write[] = [
  {
    name: 'create a credential',
    write: ({ credentials }) => credentials.create(credential),
    seen: ({ credentials }) => credentials.list(),
  },
  {
    name: 'revoke a credential',
    before: ({ credentials }) => credentials.create(credential),
    write: ({ credentials }) => credentials.revoke('one', 7),
    seen: ({ credentials }) => credentials.list(),
  },
  {
    name: "begin the log's head",
    write: ({ heads }) => heads.replace(undefined, one),
    seen: ({ heads }) => heads.read(),
  },
  {
    name: "replace the log's head",
    before: ({ heads }) => heads.replace(undefined, one),
    write: ({ heads }) => heads.replace(one, two),
    seen: ({ heads }) => heads.read(),
  },
  {
    name: 'place a legal hold',
    write: ({ holds }) => holds.place({ tenant: 'bank', subject: 'app', since: 5 }),
    seen: ({ holds }) => holds.list(),
  },
  {
    name: 'lift a legal hold',
    before: ({ holds }) => holds.place({ tenant: 'bank', since: 5 }),
    write: ({ holds }) => holds.lift({ tenant: 'bank' }),
    seen: ({ holds }) => holds.list(),
  },
  {
    name: 'create a record key',
    write: ({ wrappedKeys }) => wrappedKeys.createIfAbsent(key),
    seen: ({ wrappedKeys }) => wrappedKeys.list(),
  },
  {
    name: 'wrap a record key anew',
    before: ({ wrappedKeys }) => wrappedKeys.createIfAbsent(key),
    write: ({ wrappedKeys }) => wrappedKeys.rewrap(key, anew),
    seen: ({ wrappedKeys }) => wrappedKeys.list(),
  },
  {
    name: 'destroy a record key',
    before: ({ wrappedKeys }) => wrappedKeys.createIfAbsent(key),
    write: ({ wrappedKeys }) => wrappedKeys.destroy(key.keyId, 50),
    seen: async ({ wrappedKeys }) => [
      await wrappedKeys.list(),
      await wrappedKeys.destroyedSince(0),
      await wrappedKeys.erasedAt(key.keyId),
    ],
  },
  {
    name: 'advance the wrapping key',
    write: ({ wrappedKeys }) => wrappedKeys.advanceGeneration(),
    seen: ({ wrappedKeys }) => wrappedKeys.countWrap(),
  },
  {
    name: 'count a wrapped key',
    write: ({ wrappedKeys }) => wrappedKeys.countWrap(),
    seen: ({ wrappedKeys }) => wrappedKeys.countWrap(),
  },
  {
    name: 'add to the index',
    write: indexed,
    seen: places,
  },
  {
    name: 'replace records',
    before: indexed,
    write: ({ index }) => index.replace([record(2, { tenant: 'other' })], [2, 3, 25]),
    seen: async (state) => [await places(state), await state.index.list({ tenant: 'other', limit: 9 })],
  },
  { name: 'cut the index', before: indexed, write: ({ index }) => index.cut(20), seen: places },
  { name: 'forget records', before: indexed, write: ({ index }) => index.forget('bank', 'web'), seen: places },
  { name: 'forget a segment', before: indexed, write: ({ index }) => index.forgetSegment('segments/a'), seen: places },
];

describeWithDynamoDB('a write to DynamoDB', ({ createTable, open, options }) => {
  const opened: State[] = [];
  afterAll(() => {
    for (const state of opened.splice(0)) state.close();
  });

  async function openFaulty(table: string, plan: FaultPlan) {
    const client = await createDynamoDB(options());
    const counted = addFaults(client, plan);
    const state = createDynamoDBState(client, toTable(client, table));
    opened.push(state);
    return { state, counted };
  }

  async function scene({ before }: Write, plan: FaultPlan) {
    const table = await createTable();
    const clean = await open(table);
    await before?.(clean);
    return { clean, ...(await openFaulty(table, plan)) };
  }

  const never = { fault: 'failed', befalls: () => false, kind: 'write' } as const;

  describe.concurrent.each(writes.map((write) => [write.name, write] as const))('to %s', (_, write) => {
    it.each(faults)('comes to the same where one of its requests is %s', async (fault) => {
      const whole = await scene(write, never);
      const expected = [await write.write(whole.state), await write.seen(whole.clean)];
      expect(whole.counted.requests).toBeGreaterThan(0);
      for (let request = 0; request < whole.counted.requests; request += 1) {
        const { clean, state } = await scene(write, { fault, befalls: (at) => at === request, kind: 'write' });
        expect([await write.write(state), await write.seen(clean)], `request ${request}`).toStrictEqual(expected);
      }
    });

    it('rejects with what it was, and nothing of what was in it, where none of its requests arrives', async () => {
      const { state } = await scene(write, { fault: 'failed', befalls: () => true, kind: 'write' });
      const error: unknown = await write.write(state).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toMatchObject({
        name: 'StateError',
        message: expect.stringMatching(/^the state in DynamoDB could not [a-z' ]+: TimeoutError$/),
        cause: { name: 'TimeoutError' },
      });
    });
  });

  it('that is told of a conflict comes again until there is none', async () => {
    const table = await createTable();
    const handles = [await open(table), await open(table)] as const;
    const added = await Promise.all(
      [...handles, ...handles, ...handles].map(({ index }) => index.add(records(0, 30), 0, 30)),
    );
    expect(added.filter(Boolean)).toHaveLength(1);
    expect(await places(handles[0])).toEqual(Array.from({ length: 30 }, (_, at) => 29 - at));
  });
});
