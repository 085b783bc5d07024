import { afterEach, describe, expect, it } from 'vitest';
import type { ActRecord, LegalHold } from '../../core/index.ts';
import { gatewayOwner } from '../../core/index.ts';
import { localDisk } from '../journal/disk-store.ts';
import {
  callerOf,
  cleanUp,
  createPlace,
  requestIdOf,
  requestOf,
  responseOf,
} from '../journal/journal-fixture.suite.ts';
import { createJournalSource } from '../journal/journal-source.ts';
import { createMemoryHeads, createMemoryObjects, signer } from '../log/log-fixture.suite.ts';
import { createSequencer } from '../log/sequencer.ts';
import { toVerifierKey } from '../log/signed-note.ts';
import { createKeyWrapping } from '../record/key-wrapping.ts';
import { createRecordKeyFinder, createTenantAliases } from '../record/record-keys.ts';
import { verifyLog } from '../verify/verify-log.ts';
import { erase } from './erasure.ts';
import { rekey } from './rekey.ts';
import { retain } from './retention.ts';

afterEach(cleanUp);

const acting = { operator: 'olga', reason: 'asked for' };
const NOW = Date.UTC(2026, 5, 1);
const clock = { now: () => NOW };

/** A log of exchanges of three subjects, and what erases and removes in it. */
async function createScene(holds: readonly LegalHold[] = []) {
  const place = createPlace();
  const journal = await place.open();
  const objects = createMemoryObjects();
  const source = createJournalSource({ disk: localDisk, directory: place.directory });
  const parts = { source, heads: createMemoryHeads(), staging: createMemoryObjects(), sinks: [] };
  const sequencer = createSequencer({ ...parts, objects, signer });
  let number = 5_000;
  const acts: Omit<ActRecord, 'requestId' | 'time'>[] = [];
  const recordAct = async (act: Omit<ActRecord, 'requestId' | 'time'>) => {
    number += 1;
    acts.push(act);
    await journal.append({ ...act, requestId: requestIdOf(number), time: NOW }, gatewayOwner);
  };
  const callers = [callerOf('app'), callerOf('web'), callerOf('app', 'other')];
  for (const [n, caller] of callers.entries()) {
    await journal.append(requestOf(requestIdOf(n)), caller);
    await journal.append(responseOf(requestIdOf(n)), caller);
    await sequencer.run();
  }
  const forgotten: unknown[] = [];
  const segmentsOf = () => [...objects.objects.keys()].filter((path) => path.startsWith('segments'));
  const index = {
    position: async () => 0,
    add: async () => true,
    list: async () => [],
    find: async () => [],
    replace: async () => true,
    cut: async () => {},
    forget: async (...given: unknown[]) => void forgotten.push(given),
    expired: async (...given: unknown[]) => {
      forgotten.push(given);
      return segmentsOf().slice(0, 2);
    },
    forgetSegment: async (segment: string) => void forgotten.push(segment),
  };
  const holdStore = { list: async () => holds, place: async () => {}, lift: async () => true };
  const options = { keys: place.keys, holds: holdStore, index, clock, recordAct, objects };
  async function verify() {
    await sequencer.run();
    const naming = {
      store: place.keys,
      wrapping: createKeyWrapping(place.keyRing),
      toAlias: createTenantAliases(place.keyRing),
    };
    const reading = { findKey: createRecordKeyFinder(naming) };
    return verifyLog({ objects, keys: [toVerifierKey(signer.name, signer.publicKey)], reading });
  }
  return { ...place, options, acts, forgotten, verify, segmentsOf };
}

describe('an erasure', () => {
  it('destroys the keys of a subject, records it, and leaves a log that verifies', async () => {
    const scene = await createScene();
    const { keys } = await erase({ tenant: 'acme', subject: 'app' }, acting, scene.options);
    expect(keys).toHaveLength(1);
    expect([...scene.keys.keys.keys()].toSorted()).toEqual(['-/gateway', 'acme/web', 'other/app']);
    expect(scene.acts).toMatchObject([
      {
        kind: 'erasure',
        ...acting,
        details: { tenant: 'acme', subject: 'app', keys },
        disclosed: { erasedKeys: keys },
      },
    ]);
    expect(scene.forgotten).toEqual([['acme', 'app']]);
    expect(await scene.verify()).toMatchObject({ faults: [], erased: 2 });
    await expect(scene.find(requestIdOf(0))).rejects.toMatchObject({ name: 'RecordErasedError' });
  });

  it('of a tenant destroys all its keys, and no other', async () => {
    const scene = await createScene();
    expect((await erase({ tenant: 'acme' }, acting, scene.options)).keys).toHaveLength(2);
    expect([...scene.keys.keys.keys()].toSorted()).toEqual(['-/gateway', 'other/app']);
    expect(scene.forgotten).toEqual([['acme', undefined]]);
    expect(await scene.verify()).toMatchObject({ faults: [], erased: 4 });
  });

  it('of what was never recorded does and records nothing', async () => {
    const scene = await createScene();
    expect(await erase({ tenant: 'acme', subject: 'nobody' }, acting, scene.options)).toEqual({ keys: [] });
    expect(scene.acts).toEqual([]);
  });

  it('is recorded before a key is gone: one that cannot be recorded destroys none', async () => {
    const scene = await createScene();
    const recordAct = () => Promise.reject(new Error('disk full'));
    await expect(erase({ tenant: 'acme' }, acting, { ...scene.options, recordAct })).rejects.toThrow('disk full');
    expect(scene.keys.keys.size).toBe(3);
  });

  it.each<[LegalHold, string | undefined]>([
    [{ tenant: 'acme', since: 5 }, 'app'],
    [{ tenant: 'acme', since: 5 }, undefined],
    [{ tenant: 'acme', subject: 'app', since: 5 }, 'app'],
    [{ tenant: 'acme', subject: 'web', since: 5 }, undefined],
  ])('does not go against a legal hold (%j, %s)', async (hold, subject) => {
    const scene = await createScene([hold]);
    const whose = { tenant: 'acme', ...(subject === undefined ? {} : { subject }) };
    const refused = erase(whose, acting, scene.options);
    await expect(refused).rejects.toMatchObject({ name: 'HeldError' });
    await expect(refused).rejects.toThrow(/a legal hold is on (all of acme|acme\/\w+) since 1970-01-01T00:00:00.005Z/);
    expect(scene.keys.keys.size).toBe(3);
  });

  it('goes past holds on others', async () => {
    const scene = await createScene([
      { tenant: 'other', since: 5 },
      { tenant: 'acme', subject: 'web', since: 5 },
    ]);
    expect((await erase({ tenant: 'acme', subject: 'app' }, acting, scene.options)).keys).toHaveLength(1);
  });
});

describe('rekeying', () => {
  it('passes over a key that was destroyed in the meantime', async () => {
    const scene = await createScene();
    const keys = { ...scene.keys, rewrap: async () => false };
    expect(await rekey({ keys, wrapping: createKeyWrapping(scene.keyRing) })).toEqual({ generation: 2, keys: 0 });
    expect((await rekey({ keys: scene.keys, wrapping: createKeyWrapping(scene.keyRing) })).keys).toBe(3);
    expect((await scene.verify()).faults).toEqual([]);
  });
});

describe('retention', () => {
  it('removes what is past its time, records it, and leaves a log that verifies', async () => {
    const scene = await createScene();
    const before = scene.segmentsOf();
    expect(await retain([{ tenant: 'acme', days: 30 }], scene.options)).toBe(2);
    expect(scene.segmentsOf()).toEqual(before.slice(2));
    expect(scene.forgotten).toEqual([['acme', NOW - 30 * 86_400_000, []], before[0], before[1]]);
    expect(scene.acts).toMatchObject([
      { kind: 'retention', operator: 'gateway', details: { tenant: 'acme', days: 30, segments: 2 } },
    ]);
    const verified = await scene.verify();
    expect(verified.faults).toEqual([]);
    expect(verified.removed).toBeGreaterThan(0);
  });

  it('leaves what a hold is on, and asks for none of a tenant that is held as a whole', async () => {
    const held = await createScene([{ tenant: 'acme', since: 5 }]);
    expect(await retain([{ tenant: 'acme', days: 1 }], held.options)).toBe(0);
    expect(held.forgotten).toEqual([]);
    const subject = await createScene([
      { tenant: 'acme', subject: 'web', since: 5 },
      { tenant: 'other', subject: 'app', since: 5 },
    ]);
    await retain([{ tenant: 'acme', days: 1 }], subject.options);
    expect(subject.forgotten[0]).toEqual(['acme', NOW - 86_400_000, ['web']]);
  });
});
