/** Where in the log: an object, and of an entry that is read from it its place. */
export interface LogPlace {
  readonly path: string;
  readonly index?: number;
}

/** A part of the log is not what was written there. For the operator, who is told what to run. */
export class LogDamageError extends Error {
  override readonly name = 'LogDamageError';
  readonly path: string;
  readonly index: number | undefined;

  constructor({ path, index }: LogPlace, what: string, cause?: unknown) {
    super(`${index === undefined ? '' : `entry ${index}, `}${path}: ${what}; run \`audit verify\``, { cause });
    this.path = path;
    this.index = index;
  }
}

/** What `read` gives; throws a `LogDamageError` where it throws. */
export function orDamage<Read>(place: LogPlace, what: string, read: () => Read): Read {
  try {
    return read();
  } catch (cause) {
    throw new LogDamageError(place, what, cause);
  }
}
