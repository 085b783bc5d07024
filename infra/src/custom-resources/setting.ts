import type { Lifecycle } from './handler.ts';
import type { Memory } from './memory.ts';
import { Refusal } from './refusal.ts';
import type { Properties } from './request.ts';

/**
 * Something that an account has once in a Region. `Wanted` is what the template asks for, `Found` what was there when
 * we came: JSON, for it is kept.
 */
export interface Setting<Wanted, Found> {
  readonly physicalId: string;
  parse(properties: Properties): Wanted;
  /** Where what was there is kept. */
  memory(wanted: Wanted): Memory<Found>;
  read(wanted: Wanted): Promise<Found>;
  /** Throws a `Refusal` where what is there is somebody else's, or not what `adopt` or `create` expect. */
  check(found: Found, wanted: Wanted): void;
  /** Makes it what it should be, knowing what was there at first. Repeated, it changes nothing. */
  apply(wanted: Wanted, found: Found): Promise<Readonly<Record<string, string>>>;
  /** Puts back what was there at first. Leaves alone what somebody has changed since. */
  restore(found: Found, wanted: Wanted): Promise<void>;
}

/** Reads first, refuses what is not ours, keeps what was there before it changes anything, and puts that back at last. */
export function createSettingLifecycle<Wanted, Found extends object>(setting: Setting<Wanted, Found>): Lifecycle {
  return {
    physicalId: setting.physicalId,
    async put(properties) {
      const wanted = setting.parse(properties);
      const memory = setting.memory(wanted);
      let found = await memory.recall();
      if (found === undefined) {
        const now = await setting.read(wanted);
        setting.check(now, wanted);
        found = await memory.remember(now);
      }
      return setting.apply(wanted, found);
    },
    async remove(properties) {
      const wanted = parseWhatWasPut(setting, properties);
      if (wanted === undefined) return;
      const memory = setting.memory(wanted);
      const found = await memory.recall();
      // Nothing was changed: `put` refused, or never came so far.
      if (found === undefined) return;
      await setting.restore(found, wanted);
      await memory.forget();
    },
  };
}

/** With properties that are refused nothing was ever put: a stack that failed on them has nothing to take away. */
function parseWhatWasPut<Wanted, Found>(setting: Setting<Wanted, Found>, properties: Properties): Wanted | undefined {
  try {
    return setting.parse(properties);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
