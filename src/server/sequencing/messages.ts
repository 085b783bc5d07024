import type { LocalLogOptions, LogDirectories } from '../../audit/index.ts';
import type { KeyRingSource } from '../key-ring.ts';

/** A place in another trust domain that keeps checkpoints. */
export type SinkSettings =
  | { readonly kind: 'file'; readonly name: string; readonly directory: string }
  | { readonly kind: 'webhook'; readonly name: string; readonly url: string; readonly token?: string };

/** What the sequencing thread is started with. */
export interface SequencingTask {
  readonly directories: LogDirectories;
  readonly keyRingSource: KeyRingSource;
  readonly stateFile: string;
  readonly origin: string;
  readonly sinks: readonly SinkSettings[];
  readonly witnesses?: NonNullable<LocalLogOptions['witnesses']>;
  readonly requiredWitnesses?: number;
  /** Milliseconds between two rounds where the first took all there was. */
  readonly intervalMs: number;
}

/** What it says. */
export type SequencingMessage =
  | {
      readonly kind: 'round';
      /** Entries in the published log. */
      readonly size: number;
      /** Sinks that did not take the checkpoint. */
      readonly failedSinks: readonly string[];
    }
  /** A round went wrong; it is tried again. */
  | { readonly kind: 'fault'; readonly cause: string }
  | { readonly kind: 'ended' };

/** What it is told: to take what there is, and end. */
export const END = 'end';
