/**
 * Says that the client is gone, once. It is the part of an `AbortSignal` that an outlet needs: a whole one with a
 * listener takes longer to make than the rest of the outlet.
 */
export interface ClientSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Where a streamed answer leaves. The HTTP port has one for each response; other front doors bring their own. */
export interface Outlet {
  /** Aborted once the client is gone. */
  readonly signal: ClientSignal;
  /** Puts the receipt of the request's record on the answer. Called at most once, before `open`. */
  promise(receipt: string): void;
  /** Sends status 200 and the headers. Called once, before the first byte. */
  open(headers: Readonly<Record<string, string>>): void;
  /**
   * Throws `answerTooLarge` where so many more bytes cannot leave, before they are recorded as having left. Absent where
   * any number can.
   */
  readonly require?: (bytes: Uint8Array, headers: Readonly<Record<string, string>>) => void;
  /** Hands over bytes. A promise comes back only where the client is slow, and resolves when it has caught up. */
  write(bytes: Uint8Array): Promise<void> | undefined;
  end(): void;
}
