import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { gatewayOwner, type JournalRecord } from '../../core/index.ts';
import {
  callerOf,
  cleanUp,
  releaseOf,
  requestIdOf,
  requestOf,
  responseOf,
  temporaryDirectory,
} from '../journal/journal-fixture.suite.ts';
import { ExportError, type ExportLogOptions } from './export-log.ts';
import { actOf, createScene, fill } from './export-scene.suite.ts';

afterEach(cleanUp);

const read = (directory: string, name: string) => readFileSync(join(directory, name), 'utf8');
const lines = (directory: string, name: string) => read(directory, name).split('\n').slice(0, -1);
const records = (directory: string) => lines(directory, 'records.jsonl').map((line) => JSON.parse(line));
const filesOf = (directory: string) =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(directory, name)).isFile())
    .toSorted();
const contextOf = (body: 'none' | 'masked' | 'full') => ({ environment: 'test', region: 'eu-central-1', body });

describe('an export', () => {
  it('has the exchanges in the formats asked for, what proves them, and what checks that', async () => {
    const scene = await createScene();
    await fill(scene, 30);
    await scene.sequence();
    const { directory, exported } = await scene.exportTo({ formats: ['jsonl', 'csv', 'bedrock', 'ocsf', 'csv'] });
    expect(exported).toEqual({
      origin: 'example.org/log',
      size: 30,
      exchanges: 13,
      entries: 30,
      withoutRequest: 0,
      erased: 0,
      removed: 0,
    });
    expect(filesOf(directory)).toEqual([
      'README.txt',
      'bedrock-invocations.jsonl',
      'exchanges.csv',
      'exchanges.jsonl',
      'log/checkpoint',
      'log/tile/0/000.p/30',
      'log/tile/entries/000.p/30',
      'ocsf.jsonl',
      'records.jsonl',
      'verify.mjs',
    ]);
    expect(lines(directory, 'exchanges.jsonl')).toHaveLength(13);
    expect(lines(directory, 'exchanges.csv')).toHaveLength(14);
    // The last exchange is not whole: it comes behind all that is.
    const inOrder = Array.from({ length: 28 }, (_, at) => at);
    expect(records(directory).map(({ index }) => index)).toEqual([...inOrder, 29, 28]);
    expect(read(directory, 'log/checkpoint')).toBe(scene.checkpoints.at(-1));
    expect(read(directory, 'README.txt')).toContain('  exchanges        13\n');
  });

  it('has no text unless it is asked for', async () => {
    const scene = await createScene();
    await fill(scene, 12);
    await scene.sequence();
    const formats = ['jsonl', 'csv', 'bedrock', 'ocsf'] as const;
    for (const [body, isThere] of [
      ['none', false],
      ['masked', true],
      ['full', true],
    ] as const) {
      const { directory } = await scene.exportTo({ formats, context: contextOf(body) });
      const all = filesOf(directory)
        .map((name) => read(directory, name))
        .join('');
      expect(all.includes('text 0'), body).toBe(isThere);
      expect(read(directory, 'records.jsonl').includes('text 0'), body).toBe(body === 'full');
    }
  });

  it('takes what the filter takes, acts too, and all entries of an exchange', async () => {
    const scene = await createScene();
    await fill(scene, 30);
    await scene.sequence();
    const own = await scene.exportTo({ filter: { tenant: 'other' } });
    expect(own.exported).toMatchObject({ exchanges: 6, size: 30 });
    for (const line of lines(own.directory, 'exchanges.jsonl')) {
      expect(JSON.parse(line).request.caller.tenant).toBe('acme');
    }
    const acts = await scene.exportTo({ filter: { tenant: '-' } });
    expect(acts.exported).toMatchObject({ exchanges: 0, entries: 1 });
    expect(JSON.parse(records(acts.directory)[0].header)).toMatchObject({ kind: 'change', operator: 'olga' });
    const none = await scene.exportTo({ filter: { model: 'none' } });
    expect(none.exported).toMatchObject({ exchanges: 0, entries: 0, withoutRequest: 0, size: 30 });
    expect(read(none.directory, 'exchanges.jsonl')).toBe('');
    const later = await scene.exportTo({ filter: { until: 1_764_000_000_001, model: 'amazon.nova-lite-v1:0' } });
    expect(later.exported).toMatchObject({ exchanges: 13, entries: 29 });
  });

  it('comes to the same, however little it may hold', async () => {
    const scene = await createScene();
    const ids = Array.from({ length: 20 }, (_, n) => requestIdOf(n));
    for (const id of ids) await scene.append(requestOf(id, `text ${id}`));
    for (const id of ids) await scene.append(releaseOf(id, 0));
    for (const id of ids) await scene.append(responseOf(id));
    await scene.sequence();
    const context = contextOf('full');
    const [much, little] = [await scene.exportTo({ context }), await scene.exportTo({ context, heldBytes: 0 })];
    expect(little.exported).toEqual(much.exported);
    for (const name of ['exchanges.jsonl', 'records.jsonl']) {
      expect(read(little.directory, name)).toBe(read(much.directory, name));
    }
    expect(JSON.parse(lines(much.directory, 'exchanges.jsonl')[7] ?? '')).toMatchObject({
      requestId: ids[7],
      releases: [{ sequence: 0 }],
      response: { status: 'complete' },
    });
  });

  it('has what a gateway did not live to end: as it was ended by the next, or without an end', async () => {
    const scene = await createScene();
    await scene.append(requestOf(requestIdOf(1)));
    await scene.sequence();
    const before = await scene.exportTo();
    expect(before.exported).toMatchObject({ exchanges: 1, entries: 1 });
    expect(JSON.parse(lines(before.directory, 'exchanges.jsonl')[0] ?? '')).not.toHaveProperty('response');
    await scene.crash();
    await scene.append(requestOf(requestIdOf(2)));
    await scene.append(responseOf(requestIdOf(2)));
    await scene.sequence();
    const after = await scene.exportTo();
    expect(after.exported).toMatchObject({ exchanges: 2, entries: 4 });
    const [second, first] = lines(after.directory, 'exchanges.jsonl').map((line) => JSON.parse(line));
    expect(second).toMatchObject({ requestId: requestIdOf(2), response: { status: 'complete' } });
    expect(first).toMatchObject({ requestId: requestIdOf(1), response: { status: 'interrupted' } });
  });

  it('counts what is erased and removed, and goes on', async () => {
    const scene = await createScene();
    await scene.append(requestOf(requestIdOf(1)), callerOf('gone'));
    await scene.append(requestOf(requestIdOf(2)));
    await scene.sequence();
    await scene.append(responseOf(requestIdOf(2)));
    await scene.append(actOf(), gatewayOwner);
    await scene.sequence();
    await scene.keys.destroy((await scene.keys.find('acme', 'gone'))?.keyId ?? new Uint8Array(), 0);
    expect((await scene.exportTo()).exported).toMatchObject({ erased: 1, removed: 0, exchanges: 1, entries: 3 });
    const names = readdirSync(join(scene.logDirectory, 'segments'), { recursive: true, encoding: 'utf8' });
    const [first = ''] = names.filter((name) => name.endsWith('000/000/000/000/000')).toSorted();
    expect(first).not.toBe('');
    rmSync(join(scene.logDirectory, 'segments', first));
    const { directory, exported } = await scene.exportTo();
    expect(exported).toMatchObject({ erased: 0, removed: 2, exchanges: 0, withoutRequest: 1, entries: 2 });
    expect(records(directory)).toMatchObject([{ index: 3 }, { index: 2 }]);
    expect(read(directory, 'exchanges.jsonl')).toBe('');
  });

  it('is not begun where it cannot be recorded, or where it cannot be made', async () => {
    const scene = await createScene();
    const directory = join(temporaryDirectory(), 'export');
    await expect(scene.exportTo({ directory })).rejects.toThrow(new ExportError('there is no published log yet'));
    await fill(scene, 3);
    await scene.sequence();
    const beforeWriting = async () => {
      expect(existsSync(directory)).toBe(false);
      throw new Error('not recorded');
    };
    await expect(scene.exportTo({ directory, beforeWriting })).rejects.toThrow('not recorded');
    expect(existsSync(directory)).toBe(false);
    let isRecorded = false;
    const recording = async () => {
      isRecorded = true;
    };
    const full = scene.exportTo({ directory: scene.logDirectory, beforeWriting: recording });
    await expect(full).rejects.toBeInstanceOf(ExportError);
    expect(isRecorded).toBe(false);
  });

  it('is asked about with each exchange that it takes, whole, and with nothing else', async () => {
    const scene = await createScene();
    await fill(scene, 30);
    await scene.sequence();
    const asked: (readonly JournalRecord[])[] = [];
    const beforeWriting: ExportLogOptions['beforeWriting'] = async (exchanges) => {
      for await (const entries of exchanges) asked.push(entries.map(({ record }) => record));
    };
    const { directory } = await scene.exportTo({ filter: { from: requestOf(requestIdOf(1)).time }, beforeWriting });
    const written = lines(directory, 'exchanges.jsonl').map((line) => JSON.parse(line).requestId);
    expect(asked.map(([first]) => first?.requestId)).toEqual(written);
    expect(asked[0]?.map(({ kind }) => kind)).toEqual(['request', 'release', 'response']);
    asked.length = 0;
    await scene.exportTo({ filter: { tenant: 'other', principal: 'app' }, beforeWriting });
    expect(asked).toHaveLength(6);
    asked.length = 0;
    await scene.exportTo({ filter: { tenant: '-' }, beforeWriting });
    expect(asked).toEqual([]);
  });

  it('breaks off where what was asked about is not what is there to be written', async () => {
    const scene = await createScene();
    await scene.append(requestOf(requestIdOf(1)), callerOf('gone'));
    await scene.append(requestOf(requestIdOf(2)));
    await scene.sequence();
    await scene.append(responseOf(requestIdOf(2)));
    await scene.sequence();
    await scene.keys.destroy((await scene.keys.find('acme', 'gone'))?.keyId ?? new Uint8Array(), 0);
    const segments = join(scene.logDirectory, 'segments');
    const reading = (then: () => Promise<unknown>): Partial<ExportLogOptions> => ({
      async beforeWriting(exchanges) {
        for await (const _ of exchanges);
        await then();
      },
    });
    expect((await scene.exportTo(reading(async () => {}))).exported).toMatchObject({ exchanges: 1, erased: 1 });
    const directory = join(temporaryDirectory(), 'export');
    const removing = scene.exportTo({ directory, ...reading(async () => rmSync(segments, { recursive: true })) });
    await expect(removing).rejects.toThrow(new ExportError('entry 1 was removed in the meantime'));
    expect(existsSync(join(directory, 'log'))).toBe(false);
  });

  it('that broke off has no checkpoint, so that it does not verify', async () => {
    const scene = await createScene();
    await fill(scene, 3);
    await scene.sequence();
    const directory = join(temporaryDirectory(), 'export');
    const findKey = async () => {
      throw new Error('no keys');
    };
    await expect(scene.exportTo({ directory, findKey })).rejects.toThrow('no keys');
    expect(filesOf(directory)).toEqual(['exchanges.jsonl', 'records.jsonl']);
  });

  it('tells how far it is', async () => {
    const scene = await createScene();
    await fill(scene, 5);
    await scene.sequence();
    const seen: (readonly number[])[] = [];
    await scene.exportTo({ onProgress: (...progress) => seen.push(progress) });
    expect(seen).toEqual([1, 2, 3, 4, 5].map((done) => [done, 5]));
  });
});
