/** Something in a log that is not as it was written. */
export interface LogFault {
  /** Of the first entry that it concerns; absent where it concerns none. */
  readonly index?: number;
  /** Of the object, within the log's directory or the journal's; absent where it concerns none. */
  readonly path?: string;
  readonly message: string;
}

/** Faults as they are found, up to a bound: of a log that is broken throughout, the first tell enough. */
export interface FaultList {
  add(fault: LogFault): void;
  /** Those that concern the earliest entries first. */
  sorted(): readonly LogFault[];
  readonly count: number;
}

const MOST = 100;

export function createFaultList(): FaultList {
  const faults: LogFault[] = [];
  let count = 0;
  return {
    add(fault) {
      count += 1;
      if (faults.length < MOST) faults.push(fault);
    },
    sorted: () => faults.toSorted((one, other) => placeOf(one) - placeOf(other)),
    get count() {
      return count;
    },
  };
}

function placeOf({ index = Number.POSITIVE_INFINITY }: LogFault): number {
  return index;
}

/** What an error says, without its class. */
export function messageOf(error: unknown): string {
  return String(error).replace(/^\w*Error: /, '');
}
