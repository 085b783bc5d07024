/** The first `limit` of what it is given, in an order, and how many there were. */
export interface FirstOf<Value> {
  add(value: Value): void;
  count(): number;
  values(): readonly Value[];
}

/** `toKey` decides the order: strings that compare as the values do. What is beyond the limit is let go of. */
export function createFirstOf<Value>(limit: number, toKey: (value: Value) => string): FirstOf<Value> {
  let held: { readonly key: string; readonly value: Value }[] = [];
  let count = 0;

  function cut(): void {
    held = held.toSorted((one, other) => (one.key < other.key ? -1 : 1)).slice(0, limit);
  }

  return {
    add(value) {
      count += 1;
      held.push({ key: toKey(value), value });
      if (held.length >= 2 * limit + 1_024) cut();
    },
    count: () => count,
    values() {
      cut();
      return held.map(({ value }) => value);
    },
  };
}
