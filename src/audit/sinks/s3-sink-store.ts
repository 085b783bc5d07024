import type { Clock } from '../../core/index.ts';
import type { CheckpointSink } from '../log/contracts.ts';
import { createS3PlaceStore, type S3Place } from '../objects/s3-place-store.ts';

interface S3SinkOptions {
  readonly name: string;
  /** In a bucket that who holds the log cannot remove anything from. */
  readonly place: S3Place;
  readonly clock: Clock;
}

/** Of the request, and of the one that looks what became of it: the log waits, and receipts promise five seconds. */
const TIMEOUT_MS = 2_000;
/** Digits of the largest size there is. */
const DIGITS = 16;

/**
 * Keeps checkpoints in a bucket, each as an object of its own that is never written over:
 * `2026-01-31-09-0000000000001234.checkpoint`, by the hour in UTC and the size, so that names ascend as the log grew.
 * Rejects with a `LogConflictError` where another checkpoint is kept for that size: another log has been told here.
 */
export function createS3Sink({ name, place, clock }: S3SinkOptions): CheckpointSink {
  const objects = createS3PlaceStore(place, { timeoutMs: TIMEOUT_MS });
  return {
    name,
    async publish(checkpoint, size) {
      const hour = new Date(clock.now()).toISOString().slice(0, 13).replace('T', '-');
      const path = `${hour}-${String(size).padStart(DIGITS, '0')}.checkpoint`;
      // How long it is kept is for the bucket to say: whoever writes here should not have a hand in it.
      await objects.create(path, Buffer.from(checkpoint), { isLocked: false });
    },
  };
}
