import type { KmsWrapping, RecordPlace, S3Place, WitnessSettings } from '../../audit/index.ts';
import type { SecretRef } from '../../config/index.ts';
import type { KeyRingSource } from '../key-ring.ts';
import type { StateSource } from '../opened-state.ts';
import type { SecretSettings } from '../secret-sources.ts';

/** A secret that the thread reads itself, and reads again as it may change. */
export interface SecretSource {
  readonly ref: SecretRef;
  readonly settings: SecretSettings;
}

/** A place in another trust domain that keeps checkpoints. */
export type SinkSettings =
  | { readonly kind: 'file'; readonly name: string; readonly directory: string }
  | { readonly kind: 'webhook'; readonly name: string; readonly url: string; readonly token?: SecretSource }
  | { readonly kind: 's3'; readonly name: string; readonly place: S3Place };

/** What the sequencing thread is started with. */
export interface SequencingTask {
  readonly place: RecordPlace;
  readonly keyRingSource: KeyRingSource;
  /** Keys of KMS that record keys are wrapped under; under the key ring unless told. */
  readonly kms?: KmsWrapping | undefined;
  readonly stateSource: StateSource;
  readonly origin: string;
  readonly sinks: readonly SinkSettings[];
  readonly witnesses?: readonly WitnessSettings[];
  readonly requiredWitnesses?: number;
  /** Milliseconds that an exchange may take, where that is more than 20 minutes. */
  readonly longestExchangeMs?: number;
  /** Milliseconds in which an entry that is durable has to be in the log. */
  readonly maximumMergeDelayMs: number;
  /** Milliseconds between two rounds where the first took all there was. */
  readonly intervalMs: number;
}

export interface FailedSink {
  readonly sink: string;
  readonly cause: string;
}

/** What it says. */
export type SequencingMessage =
  | {
      readonly kind: 'round';
      /** Entries in the published log. */
      readonly size: number;
      /** Bytes that the journal had when it began, where it took all there was: they are in the log. */
      readonly takenBytes?: number;
      /** Sinks that did not take the checkpoint, and why. */
      readonly failedSinks: readonly FailedSink[];
      /** Entries that are in the log and not in the index, because they do not open; none unless told. */
      readonly damaged?: number;
      /** Exchanges that were closed as interrupted, whose process ended before they did; none unless told. */
      readonly interrupted?: number;
      /** Where entries came later into the log than their receipts promise: how late the latest, in milliseconds. */
      readonly lateMs?: number;
    }
  /** A round went wrong; it is tried again. */
  | { readonly kind: 'fault'; readonly cause: string }
  | { readonly kind: 'ended' };

/** What it is told: to take what there is, and end. */
export const END = 'end';
