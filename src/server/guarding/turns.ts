/** UTF-16 units of work after which other requests get their turn: a few milliseconds. */
const UNITS_PER_TURN = 65_536;

/** Does work in steps, each of which yields what it has cost; a long one does not keep the thread to itself. */
export async function inTurns<Result>(steps: Generator<number, Result>): Promise<Result> {
  for (let units = 0; ; ) {
    const { done, value } = steps.next();
    if (done === true) return value;
    units += value;
    if (units < UNITS_PER_TURN) continue;
    units = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
