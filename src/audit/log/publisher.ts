import type { Witness } from '../witness/witness-store.ts';
import { type CheckpointSink, type LogSigner, ObjectKeptError, type ObjectStore } from './contracts.ts';
import type { LogHead } from './log-head.ts';
import { CHECKPOINT_PATH, parsePublished } from './published-checkpoint.ts';
import type { SinkFault } from './sequencer.ts';
import type { StagedObject } from './staging.ts';

/** Makes batches visible. Everything it does may be done again, by it or another, and comes to the same. */
export interface Publisher {
  /**
   * Publishes a batch's objects, and then the checkpoint that covers them. Rejects with a `LogConflictError` where
   * something else is there, also in the place of a checkpoint.
   */
  publish(objects: readonly StagedObject[], head: LogHead): Promise<void>;
  /** Tells the sinks that have not taken it yet of the head's checkpoint. */
  inform(head: LogHead): Promise<readonly SinkFault[]>;
}

interface PublisherOptions {
  readonly objects: ObjectStore;
  /** Of all checkpoints of the log. */
  readonly signer: LogSigner;
  readonly sinks: readonly CheckpointSink[];
  readonly witnesses: Witnessing;
}

/** Who cosigns checkpoints, and how many of them have to before one is published. */
export interface Witnessing {
  readonly witnesses: readonly Witness[];
  readonly required: number;
}

/** Fewer witnesses cosigned a checkpoint than have to: it is not published, and nothing is taken into the log behind it. */
class UnwitnessedError extends Error {
  override readonly name = 'UnwitnessedError';
}

export function createPublisher(options: PublisherOptions): Publisher {
  const { objects, signer, sinks } = options;
  const { witnesses, required } = options.witnesses;
  /** The size each sink has taken last. */
  const told = new Map<CheckpointSink, number>();

  /** The checkpoint with the cosignatures of the witnesses that give one. */
  async function witness(checkpoint: string, size: number): Promise<string> {
    const asked = await Promise.allSettled(witnesses.map((one) => one.cosign(checkpoint, size)));
    const lines = asked.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (lines.length < required) {
      const causes = asked.flatMap((answer) => (answer.status === 'rejected' ? answer.reason : []));
      throw new UnwitnessedError(`${lines.length} of ${required} witnesses cosigned`, {
        cause: new AggregateError(causes),
      });
    }
    return checkpoint + lines.join('');
  }

  /** A tile that is full now was partial before, in a file of its own. Whoever had read of it finds it in the full one. */
  async function removeSuperseded(published: readonly StagedObject[]): Promise<void> {
    for (const { path, isLocked } of published) {
      if (!isLocked || !path.startsWith('tile/')) continue;
      try {
        for await (const partial of objects.list(`${path}.p/`)) await objects.remove(partial);
      } catch (error) {
        // A bucket that locks all that is put, or a role that may remove nothing: what stays is true, and harmless.
        if (!(error instanceof ObjectKeptError)) throw error;
      }
    }
  }

  return {
    async publish(staged, { checkpoint, size }) {
      // One after another: the tiles of a batch are few, and a log that is read must have its records before its leaves.
      for (const { path, bytes, isLocked } of staged) await objects.create(path, bytes, { isLocked });
      const note = Buffer.from(await witness(checkpoint, size));
      // A sequencer that was overtaken must not put an older one back.
      await objects.replace(CHECKPOINT_PATH, note, (current) => {
        return current === undefined || parsePublished(current, signer).size < size;
      });
      await removeSuperseded(staged);
    },

    async inform({ checkpoint, size }) {
      if (size === 0) return [];
      // At once: what is recorded meanwhile waits for the slowest of them, not for each.
      const faults = sinks.map(async (sink): Promise<readonly SinkFault[]> => {
        if (told.get(sink) === size) return [];
        try {
          await sink.publish(checkpoint, size);
          told.set(sink, size);
          return [];
        } catch (cause) {
          return [{ sink: sink.name, cause }];
        }
      });
      return (await Promise.all(faults)).flat();
    },
  };
}
