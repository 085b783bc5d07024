/** Where a streamed answer leaves. The HTTP port has one for each response; other front doors bring their own. */
export interface Outlet {
  /** Aborted once the client is gone. */
  readonly signal: AbortSignal;
  /** Sends status 200 and the headers. Called once, before the first byte. */
  open(headers: Readonly<Record<string, string>>): void;
  /** Hands over bytes. A promise comes back only where the client is slow, and resolves when it has caught up. */
  write(bytes: Uint8Array): Promise<void> | undefined;
  end(): void;
}
