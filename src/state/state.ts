import type { CredentialStore, HeadStore, HoldStore, RecordIndex, WrappedKeyStore } from '../core/index.ts';

/** What gateways share, and their commands: the stores of one machine in a file, or of any number of them in DynamoDB. */
export interface State {
  readonly credentials: CredentialStore;
  readonly wrappedKeys: WrappedKeyStore;
  /** Of the one log. */
  readonly heads: HeadStore;
  readonly index: RecordIndex;
  readonly holds: HoldStore;
  /** Calls under way may then reject. */
  close(): void;
}
