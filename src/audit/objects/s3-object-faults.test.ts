import { S3 } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../../tools/s3-answers.ts';
import type { S3Fault } from '../../../tools/s3-server.ts';
import type { ObjectStore } from '../log/contracts.ts';
import { cleanUp, openS3 } from './s3-fixture.suite.ts';

afterEach(cleanUp);

const whole = Buffer.from('the whole object');
const OPEN = { isLocked: false };
const isPut = ({ method }: { readonly method: string }) => method === 'PUT';
const isGet = ({ method }: { readonly method: string }) => method === 'GET';
/** As often as the SDK tries. */
const ALWAYS = 3;

/** What goes wrong with a put, and whether it has landed then. */
const putFaults: Readonly<Record<string, { readonly fault: S3Fault; readonly hasLanded: boolean }>> = {
  'is refused with 500': { fault: { kind: 'refuse', status: 500, code: 'InternalError' }, hasLanded: false },
  'is asked to slow down': { fault: { kind: 'refuse', status: 503, code: 'SlowDown' }, hasLanded: false },
  'is cut before it landed': { fault: { kind: 'cut', when: 'before' }, hasLanded: false },
  'is cut after it landed': { fault: { kind: 'cut', when: 'after' }, hasLanded: true },
  'landed and is answered too late': { fault: { kind: 'delay', ms: 5_000 }, hasLanded: true },
};
/** Once, and as often as the SDK tries; it takes its time where it is asked to. */
const rows = Object.entries(putFaults).flatMap(([name, row]) =>
  (name === 'is asked to slow down' ? [1] : [1, ALWAYS]).map((times) => ({ name, times, ...row })),
);

/** What goes wrong on the way of an upload in parts. */
const uploadFaults: Readonly<
  Record<string, (request: { readonly method: string; readonly query: URLSearchParams }) => boolean>
> = {
  'its begin': ({ method, query }) => method === 'POST' && query.has('uploads'),
  'a part': ({ query }) => query.get('partNumber') === '2',
  'its end': ({ method, query }) => method === 'POST' && query.has('uploadId'),
};
const uploadRows = Object.entries(uploadFaults).flatMap(([name, on]) =>
  (['before', 'after'] as const).flatMap((when) => [1, ALWAYS].map((times) => ({ name, on, when, times }))),
);

describe('an upload in parts', () => {
  it.each(uploadRows)('whose $name is cut $when it landed, $times times, is done or is not', async (row) => {
    const { server, open } = await openS3();
    const store = open({ partBytes: 6 });
    server.fail({ kind: 'cut', when: row.when }, { on: row.on, times: row.times });
    const outcome = await store.create('a', whole, OPEN).then(
      () => 'done',
      () => 'rejected',
    );
    const hasLanded = row.when === 'after' && row.name === 'its end';
    expect(outcome).toBe(row.times < ALWAYS || hasLanded ? 'done' : 'rejected');
    await store.create('a', whole, OPEN);
    expect(await store.read('a')).toEqual(new Uint8Array(whole));
    expect(server.bucket.objects.get('gateway/a')).toHaveLength(1);
  });

  it('leaves no parts behind where it fails, and none of them where even that does', async () => {
    const { server, open } = await openS3();
    const store = open({ partBytes: 6 });
    const isPart = ({ query }: { readonly query: URLSearchParams }) => query.has('partNumber');
    const refused = { kind: 'refuse', status: 403, code: 'AccessDenied' } as const;
    server.fail(refused, { on: isPart });
    await expect(store.create('a', whole, OPEN)).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(server.bucket.uploads.size).toBe(0);
    server.fail(refused, { on: isPart });
    server.fail(refused, { on: ({ method }) => method === 'DELETE' });
    await expect(store.create('a', whole, OPEN)).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(server.bucket.uploads.size).toBe(1);
  });

  it('needs a name from S3', async () => {
    const { server, open } = await openS3();
    const alter = (reply: Reply) => ({ ...reply, body: Buffer.from('<R/>') });
    server.fail({ kind: 'alter', alter });
    await expect(open({ partBytes: 6 }).create('a', whole, OPEN)).rejects.toThrow('an upload without a name');
  });
});

const isNewer = (current: Uint8Array | undefined) => current === undefined || current.length < whole.length;
const actions: Readonly<Record<string, (store: ObjectStore) => Promise<unknown>>> = {
  create: (store) => store.create('a', whole, OPEN),
  replace: (store) => store.replace('a', whole, isNewer),
};

describe.each(Object.entries(actions))('%s', (action, perform) => {
  it.each(rows)('that $name $times times is done or is not, and is when it is asked again', async (row) => {
    const { server, open } = await openS3({ requestTimeoutMs: 100 });
    const store = open();
    if (action === 'replace') await store.create('a', Buffer.from('old'), OPEN);
    const before = server.bucket.objects.get('gateway/a')?.length ?? 0;
    server.fail(row.fault, { on: isPut, times: row.times });
    const outcome = await perform(store).then(
      (result) => result ?? true,
      () => 'rejected',
    );
    const isDone = row.hasLanded || row.times < ALWAYS;
    expect(outcome).toBe(isDone ? true : 'rejected');
    expect(server.bucket.objects.get('gateway/a')?.length ?? 0).toBe(before + (isDone ? 1 : 0));
    if (!isDone) expect(await perform(store)).not.toBe(false);
    expect(await store.read('a')).toEqual(new Uint8Array(whole));
    expect(server.bucket.objects.get('gateway/a')).toHaveLength(before + 1);
  });

  it('tells of both faults where what is there cannot be read either', async () => {
    const { server, open } = await openS3();
    let gets = 0;
    server.fail({ kind: 'refuse', status: 403, code: 'AccessDenied' }, { on: isPut });
    const isReadBack = (request: { readonly method: string }) => {
      if (isGet(request)) gets += 1;
      return isGet(request) && gets === (action === 'replace' ? 2 : 1);
    };
    server.fail({ kind: 'refuse', status: 403, code: 'InvalidAccessKeyId' }, { on: isReadBack });
    await expect(perform(open())).rejects.toMatchObject({
      name: 'AggregateError',
      errors: [{ name: 'AccessDenied' }, { name: 'InvalidAccessKeyId' }],
    });
  });

  it('comes through where another write was on its way', async () => {
    const { server, open } = await openS3();
    server.fail({ kind: 'refuse', status: 409, code: 'ConditionalRequestConflict' }, { on: isPut, times: 3 });
    await perform(open());
    expect(await open().read('a')).toEqual(new Uint8Array(whole));
    expect(server.requests.filter(isPut)).toHaveLength(4);
  });

  it('gives up where another write always is', async () => {
    const { server, open } = await openS3();
    server.fail({ kind: 'refuse', status: 409, code: 'ConditionalRequestConflict' }, { on: isPut, times: 99 });
    await expect(perform(open())).rejects.toMatchObject({ name: 'ConditionalRequestConflict' });
    expect(server.requests.filter(isPut)).toHaveLength(10);
  });
});

describe('creating', () => {
  it('where another put something else, and no answer came, is a conflict', async () => {
    const { server, open } = await openS3({ requestTimeoutMs: 100 });
    server.bucket.put('gateway/a', Buffer.from('another'), {});
    server.fail({ kind: 'cut', when: 'before' }, { on: isPut, times: ALWAYS });
    await expect(open().create('a', whole, OPEN)).rejects.toMatchObject({ name: 'LogConflictError', path: 'a' });
  });

  it('tries again where what was in the way was removed before it could be compared', async () => {
    const { server, open } = await openS3();
    server.bucket.put('gateway/a', Buffer.from('another'), {});
    let gets = 0;
    const vanishing = (request: { readonly method: string }) => {
      if (isGet(request)) gets += 1;
      if (isGet(request) && gets === 1) server.bucket.objects.delete('gateway/a');
      return false;
    };
    server.fail({ kind: 'cut', when: 'before' }, { on: vanishing });
    await open().create('a', whole, OPEN);
    expect(await open().read('a')).toEqual(new Uint8Array(whole));
  });
});

describe('replacing', () => {
  it('asks again about what another put there in between', async () => {
    const { server, open } = await openS3();
    await open().create('a', Buffer.from('1'), OPEN);
    const seen: (string | undefined)[] = [];
    const accepts = (current: Uint8Array | undefined) => {
      seen.push(current === undefined ? undefined : String(Buffer.from(current)));
      if (seen.length === 1) server.bucket.put('gateway/a', Buffer.from('2'), {});
      if (seen.length === 2) server.bucket.objects.delete('gateway/a');
      if (seen.length === 3) server.bucket.put('gateway/a', Buffer.from('4'), {});
      return true;
    };
    expect(await open().replace('a', whole, accepts)).toBe(true);
    expect(seen).toEqual(['1', '2', undefined, '4']);
    expect(await open().read('a')).toEqual(new Uint8Array(whole));
  });

  it('is refused where what another put there in between is not accepted', async () => {
    const { server, open } = await openS3();
    const accepts = (current: Uint8Array | undefined) => {
      if (current === undefined) server.bucket.put('gateway/a', Buffer.from('another'), {});
      return current === undefined;
    };
    expect(await open().replace('a', whole, accepts)).toBe(false);
    expect(await open().read('a')).toEqual(new Uint8Array(Buffer.from('another')));
  });

  it("is not done because another's write of the same bytes is", async () => {
    const { server, open } = await openS3();
    const accepts = (current: Uint8Array | undefined) => {
      if (current === undefined) server.bucket.put('gateway/a', whole, {});
      return current === undefined;
    };
    expect(await open().replace('a', whole, accepts)).toBe(false);
  });
});

describe('reading', () => {
  it.each(['is refused with 500', 'is cut before it landed'])(
    'that %s is tried again, and rejects where it always is',
    async (name) => {
      const { server, open } = await openS3({ requestTimeoutMs: 100 });
      const store = open();
      await store.create('a', whole, OPEN);
      const { fault } = putFaults[name] ?? {};
      if (fault === undefined) throw new Error('expected a fault');
      server.fail(fault, { on: isGet });
      expect(await store.read('a')).toEqual(new Uint8Array(whole));
      server.fail(fault, { on: isGet, times: ALWAYS });
      await expect(store.read('a')).rejects.toThrow();
      expect(await store.read('a')).toEqual(new Uint8Array(whole));
    },
  );

  it.each(['cut', 'never'] as const)('rejects where half of the object came and the rest was %s', async (rest) => {
    const { server, open } = await openS3();
    const store = open({ timeoutMs: 300 });
    await store.create('a', whole, OPEN);
    server.fail({ kind: 'half', rest }, { on: isGet });
    const started = performance.now();
    await expect(store.read('a')).rejects.toThrow(rest === 'never' ? 'S3 took more than 300 ms' : 'aborted');
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('rejects where other bytes came than were put, whatever the client was told about digests', async () => {
    const { server, open } = await openS3();
    const careless = new S3({
      region: 'eu-central-1',
      endpoint: server.url,
      forcePathStyle: true,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
    const store = open({ client: careless });
    await store.create('a', whole, OPEN);
    const alter = (reply: { readonly body: Buffer }) =>
      Buffer.from(reply.body.map((byte, at) => (at === 3 ? byte ^ 1 : byte)));
    server.fail({ kind: 'alter', alter: (reply) => ({ ...reply, body: alter(reply) }) }, { on: isGet });
    await expect(store.read('a')).rejects.toThrow(/checksum/i);
    careless.destroy();
  });
});

describe('listing', () => {
  it.each(['cut', 'never'] as const)('never ends early where the rest of a page was %s', async (rest) => {
    const { server, open } = await openS3({ pageSize: 2 });
    const store = open({ timeoutMs: 300 });
    const paths = ['a', 'b', 'c', 'd', 'e'];
    for (const path of paths) await store.create(path, whole, OPEN);
    const isSecondPage = ({ query }: { readonly query: URLSearchParams }) => query.has('continuation-token');
    server.fail({ kind: 'half', rest }, { on: isSecondPage, times: rest === 'cut' ? ALWAYS : 1 });
    const list = async () => {
      const seen: string[] = [];
      for await (const path of store.list('')) seen.push(path);
      return seen;
    };
    await expect(list()).rejects.toThrow();
    if (rest === 'cut') server.fail({ kind: 'half', rest }, { on: isSecondPage });
    expect(await list()).toEqual(paths);
  });
});

describe('every request', () => {
  const requests: Readonly<Record<string, (store: ReturnType<Awaited<ReturnType<typeof openS3>>['open']>) => unknown>> =
    {
      read: (store) => store.read('a'),
      list: (store) => store.list('')[Symbol.asyncIterator]().next(),
      remove: (store) => store.remove('a'),
      'set a hold': (store) => store.setHold('a', 'on'),
      create: (store) => store.create('b', whole, OPEN),
      replace: (store) => store.replace('a', whole, () => true),
    };

  it.each(Object.entries(requests))('to %s ends by itself where no answer comes', async (_name, perform) => {
    const { server, open } = await openS3();
    await open().create('a', Buffer.from('1'), OPEN);
    server.fail({ kind: 'delay', ms: 60_000 }, { times: 99 });
    const started = performance.now();
    await expect(perform(open({ timeoutMs: 200 }))).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
