import { hash } from 'node:crypto';
import type { SealedBox } from '../sealed-box.ts';
import { type Execution, openState, type Phase, phases, type StepState, sealState } from './step-state.ts';

/** The objects of a bucket, as steps need them. `create` rejects where others are there already. */
export interface StepObjects {
  create(path: string, bytes: Uint8Array, keeping: { readonly isLocked: boolean }): Promise<void>;
  read(path: string): Promise<Uint8Array | undefined>;
}

/** Where states lie between steps. */
export interface StepPlaces {
  /** The state after a phase; undefined where that was not reached. Rejects where it is not one that was kept here. */
  find(place: Execution, phase: Phase): Promise<StepState | undefined>;
  /** Keeps a state; gives the one that is kept, which is another's where that was first. */
  keep(place: Execution, phase: Phase, state: StepState): Promise<StepState>;
  /**
   * Takes what a phase does, for one try alone: false where another try has begun it. What has an effect outside (a record,
   * a call of the model) is done by whoever has it.
   */
  claim(place: Execution, phase: Phase): Promise<boolean>;
}

interface StepPlacesOptions {
  readonly objects: StepObjects;
  readonly box: SealedBox;
  /** Gives that many random bytes. */
  readonly random: (length: number) => Uint8Array;
}

const UNLOCKED = { isLocked: false } as const;

export function createStepPlaces({ objects, box, random }: StepPlacesOptions): StepPlaces {
  const pathOf = ({ execution }: Execution, name: string) => `states/${hash('sha256', execution)}/${name}`;

  async function find(place: Execution, phase: Phase): Promise<StepState | undefined> {
    const sealed = await objects.read(pathOf(place, nameOf(phase)));
    return sealed === undefined ? undefined : openState(box, sealed, { ...place, phase });
  }

  return {
    find,
    async keep(place, phase, state) {
      const sealed = sealState(box, state, { ...place, phase });
      try {
        await objects.create(pathOf(place, nameOf(phase)), sealed, UNLOCKED);
        return state;
      } catch (cause) {
        // Another try of the same step was first, or the reply to this one was lost.
        const kept = await find(place, phase);
        if (kept === undefined) throw cause;
        return kept;
      }
    },
    async claim(place, phase) {
      const path = pathOf(place, `${nameOf(phase)}.claim`);
      const mine = Buffer.from(random(16));
      try {
        await objects.create(path, mine, UNLOCKED);
        return true;
      } catch (cause) {
        const there = await objects.read(path);
        if (there === undefined) throw cause;
        return mine.equals(there);
      }
    },
  };
}

/** Begins with the number of the phase, so that a listing has them in order. */
function nameOf(phase: Phase): string {
  return `${phases.indexOf(phase)}-${phase}`;
}
