/** A map that holds at most `capacity` entries and forgets the one least recently used. */
export interface RecentMap<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): void;
  readonly size: number;
}

export function createRecentMap<Value>(capacity: number): RecentMap<Value> {
  // A Map iterates in order of insertion, so what is used is inserted anew.
  const entries = new Map<string, Value>();
  // What is last already stays in its place: to take it out and put it back would make the table anew every few times.
  let last: string | undefined;
  return {
    get(key) {
      const value = entries.get(key);
      if (value !== undefined && key !== last) {
        entries.delete(key);
        entries.set(key, value);
        last = key;
      }
      return value;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      last = key;
      if (entries.size > capacity) entries.delete(String(entries.keys().next().value));
    },
    delete(key) {
      entries.delete(key);
    },
    get size() {
      return entries.size;
    },
  };
}
