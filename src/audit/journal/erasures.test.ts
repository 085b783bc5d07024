import { describe, expect, it, vi } from 'vitest';
import { createErasureWatch } from './erasures.ts';

const one = Uint8Array.of(1);

function createScene() {
  const clock = { time: 1_000_000, now: () => clock.time };
  const forgotten: Uint8Array[] = [];
  const destroyedSince = vi.fn(async (_: number): Promise<readonly Uint8Array[]> => [one]);
  const refresh = createErasureWatch({ keys: { destroyedSince }, forget: (id) => void forgotten.push(id), clock });
  return { clock, forgotten, destroyedSince, refresh };
}

describe('erasures by other processes', () => {
  it('are looked for once a second, and by one who asks beside another', async () => {
    const { clock, forgotten, destroyedSince, refresh } = createScene();
    await refresh();
    expect(destroyedSince).not.toHaveBeenCalled();
    clock.time += 1_000;
    await Promise.all([refresh(), refresh()]);
    expect(destroyedSince.mock.calls).toEqual([[995_000]]);
    expect(forgotten).toEqual([one]);
    await refresh();
    expect(destroyedSince).toHaveBeenCalledTimes(1);
  });

  it('are looked for from where it was last known, however long that is ago, and again where that failed', async () => {
    const { clock, forgotten, destroyedSince, refresh } = createScene();
    clock.time += 3_600_000;
    destroyedSince.mockRejectedValueOnce(new Error('no database'));
    await expect(refresh()).rejects.toThrow('no database');
    await refresh();
    expect(destroyedSince.mock.calls).toEqual([[995_000], [995_000]]);
    expect(forgotten).toEqual([one]);
  });
});
