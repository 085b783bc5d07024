import type { CredentialStore, HeadStore, HoldStore, RecordIndex, WrappedKeyStore } from '../core/index.ts';

/** What gateways share, and their commands: the stores of one machine in a file, or of any number of them in DynamoDB. */
export interface State {
  readonly credentials: CredentialStore;
  readonly wrappedKeys: WrappedKeyStore;
  /** Of the one log. */
  readonly heads: HeadStore;
  readonly index: RecordIndex;
  readonly holds: HoldStore;
  /** What was done once for all processes, under a name each: what it was done with, replaced as a head is. */
  readonly marks: (name: string) => HeadStore;
  /** Calls under way may then reject. */
  close(): void;
}
