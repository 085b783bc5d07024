/** Why the gateway cannot start, in one line fit for the operator. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** The operator's line for an error of the operating system about a directory, file or port. */
export function toStartError(error: unknown, subject: string): StartError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const reason = typeof code === 'string' ? REASONS[code] : undefined;
  const text = reason ?? (error instanceof Error ? error.message : 'unknown error');
  return new StartError(`${subject}: ${text}`, { cause: error });
}

/** The action's result, or a `StartError` that says what of the gateway could not be opened and why. */
export async function opening<T>(subject: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw toStartError(error, `${subject} cannot be opened`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  ENOENT: 'a part of the path does not exist and cannot be made',
  ENOTDIR: 'a part of the path is not a directory',
  EEXIST: 'a file with this name is in the way',
  EISDIR: 'this is a directory, a file was expected',
  EADDRINUSE: 'the port is already in use; choose another with --port or --admin-port',
  EADDRNOTAVAIL: 'the address does not belong to this machine',
  ENOTFOUND: 'no such host',
};
