/** The time, as epoch milliseconds. Passed in wherever time matters, so that nothing in the core reads it. */
export interface Clock {
  now(): number;
}
