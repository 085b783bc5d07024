import { hkdfSync } from 'node:crypto';
import type { HeadStore, KeyRing } from '../../core/index.ts';
import { LogConflictError, type ObjectStore } from './contracts.ts';
import { createLocalSigner } from './local-signer.ts';

const keyRing: KeyRing = {
  derive: (purpose) => new Uint8Array(hkdfSync('sha256', 'a root secret', '', purpose, 32)),
};

export const signer = createLocalSigner(keyRing, 'example.org/log');

/** An object store by contract, in memory. */
export function createMemoryObjects(): ObjectStore & { readonly objects: Map<string, Uint8Array> } {
  const objects = new Map<string, Uint8Array>();
  return {
    objects,
    async create(path, bytes) {
      const known = objects.get(path);
      if (known !== undefined && Buffer.compare(known, bytes) !== 0) throw new LogConflictError(path);
      objects.set(path, Uint8Array.from(bytes));
    },
    read: async (path) => objects.get(path),
    async *list(prefix) {
      for (const path of [...objects.keys()].toSorted()) if (path.startsWith(prefix)) yield path;
    },
    async remove(path) {
      objects.delete(path);
    },
    async replace(path, bytes, accepts) {
      if (!accepts(objects.get(path))) return false;
      objects.set(path, Uint8Array.from(bytes));
      return true;
    },
  };
}

/** A head store by contract, in memory. */
export function createMemoryHeads(): HeadStore & { content: Uint8Array | undefined } {
  return {
    content: undefined,
    async read() {
      return this.content;
    },
    async replace(old, next) {
      const isSame =
        old === undefined || this.content === undefined
          ? old === this.content
          : Buffer.compare(old, this.content) === 0;
      if (isSame) this.content = next;
      return isSame;
    },
  };
}
