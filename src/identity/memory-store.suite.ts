import { hkdfSync } from 'node:crypto';
import type { Credential, CredentialStore, KeyRing } from '../core/index.ts';

/** A store that counts what it is asked, and can be made to fail. */
export interface CountingStore extends Pick<CredentialStore, 'find'> {
  readonly credentials: Map<string, Credential>;
  asked: number;
  failing: boolean;
}

export function createCountingStore(...credentials: readonly Credential[]): CountingStore {
  return {
    credentials: new Map(credentials.map((credential) => [credential.id, credential])),
    asked: 0,
    failing: false,
    async find(id) {
      this.asked += 1;
      if (this.failing) throw new Error('the disk is gone');
      return this.credentials.get(id);
    },
  };
}

/** A key ring over a root that is a seed. */
export function createSeededKeyRing(seed = 'seed'): KeyRing {
  return { derive: (purpose) => new Uint8Array(hkdfSync('sha256', seed, '', purpose, 32)) };
}

/** A clock that stands until it is moved. */
export function createStoppedClock(time = Date.UTC(2026, 0, 2, 3, 4, 5)) {
  return {
    time,
    now(): number {
      return this.time;
    },
  };
}
