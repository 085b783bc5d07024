// Carries out the calls of a test: one JSON line each on standard input, its outcome as a line on descriptor 3.
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Until standard input ends. `describe` gives what an exception of the client says: `status`, `requestId`. */
export async function serve(methods, describe) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { method, params } = JSON.parse(line);
    writeSync(3, `${JSON.stringify(await outcomeOf(() => methods[method](params), describe))}\n`);
  }
}

async function outcomeOf(run, describe) {
  try {
    return { value: await run() };
  } catch (error) {
    return { error: { classes: classesOf(error), message: error.message, ...describe(error) } };
  }
}

/** Its name and those of its classes: some clients set a name, some only have classes. */
function classesOf(error) {
  const classes = [error.name];
  for (let kind = error; kind !== null; kind = Object.getPrototypeOf(kind)) classes.push(kind.constructor.name);
  return classes;
}
