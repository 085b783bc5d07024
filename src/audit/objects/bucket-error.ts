/** A bucket of S3 did not give what is in it: it is out of reach, or refuses. The cause is S3's own error. */
export class BucketError extends Error {
  override readonly name = 'BucketError';

  constructor(bucket: string, cause: unknown) {
    super(`the bucket \`${bucket}\` cannot be read (${wordOf(cause)})`, { cause });
  }
}

/** What S3 or the system calls it. The server chose that: nothing in it may steer a terminal. */
function wordOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown';
  const word = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
  return word.replace(/[^A-Za-z0-9_.-]/g, '').slice(0, 80);
}
