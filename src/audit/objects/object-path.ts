const SEGMENT = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;
const LONGEST = 512;

/**
 * A path that an object may have, as given. Throws `RangeError` for any other: one that leads elsewhere, or that two
 * stores would take for different ones.
 */
export function checkObjectPath(path: string): string {
  const isPath = path.length <= LONGEST && path.split('/').every((part) => SEGMENT.test(part) && !part.includes('..'));
  if (!isPath) throw new RangeError('not a path that an object may have');
  return path;
}

/** What paths may begin with, as given: nothing, or a path and a slash. Throws `RangeError` for anything else. */
export function checkObjectPrefix(prefix: string): string {
  if (prefix === '') return prefix;
  if (!prefix.endsWith('/')) throw new RangeError('not a prefix of paths: it has no slash at its end');
  checkObjectPath(prefix.slice(0, -1));
  return prefix;
}
