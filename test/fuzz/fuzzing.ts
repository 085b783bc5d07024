import fc from 'fast-check';

const asked = Number(process.env.FC_RUNS ?? 0);

/** Milliseconds a target may take: a long run takes as long as it takes. */
export const FUZZ_TIMEOUT_MS = asked > 0 ? 86_400_000 : 60_000;

/**
 * Checks a property over `few` inputs, or over as many as `FC_RUNS` says, each time others. What once broke it stays as
 * an example. A failure tells the seed; `FC_SEED` runs it again.
 */
export async function fuzz<T>(
  property: fc.IAsyncProperty<[T]> | fc.IProperty<[T]>,
  few: number,
  examples: readonly T[] = [],
): Promise<void> {
  const seed = process.env.FC_SEED;
  await fc.assert<[T]>(property, {
    numRuns: asked > 0 ? asked : few,
    examples: examples.map((example) => [example]),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  });
}

/** Bytes cut into pieces at random places, or left whole. */
export function inPieces(bytes: Uint8Array): fc.Arbitrary<readonly Uint8Array[]> {
  return fc.uniqueArray(fc.nat(Math.max(bytes.length, 1)), { maxLength: 12 }).map((places) => {
    const cuts = [0, ...places.sort((one, other) => one - other), bytes.length];
    return cuts.slice(1).map((end, at) => bytes.subarray(cuts[at], end));
  });
}

/** Changes of a few bytes: one flipped, some taken out, some put in. */
export interface ByteChange {
  readonly kind: 'flip' | 'cut' | 'insert';
  readonly at: number;
  readonly bytes: Uint8Array;
}

export const byteChanges: fc.Arbitrary<readonly ByteChange[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('flip' as const, 'cut' as const, 'insert' as const),
    at: fc.nat(1_000_000),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 6 }),
  }),
  { minLength: 1, maxLength: 3 },
);

export function changeBytes(original: Uint8Array, changes: readonly ByteChange[]): Buffer {
  let bytes = Buffer.from(original);
  for (const { kind, at, bytes: more } of changes) {
    const place = at % (bytes.length + 1);
    const rest = kind === 'insert' ? place : place + (kind === 'cut' ? more.length : 1);
    const between =
      kind === 'cut' ? [] : kind === 'insert' ? [more] : [Buffer.of((bytes[place] ?? 0) ^ (more[0] || 1))];
    bytes = Buffer.concat([bytes.subarray(0, place), ...between, bytes.subarray(rest)]);
  }
  return bytes;
}
