/** Whether S3 answered with one of these error codes, which the SDK has as names of its errors. */
export function isS3Fault(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && '$metadata' in error && codes.includes(error.name);
}
