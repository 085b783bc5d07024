/** Ends a command with an exit code; an empty message says nothing more. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: 1 | 2;

  constructor(exitCode: 1 | 2, message = '', options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
