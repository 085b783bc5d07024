import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../core/index.ts';

export interface BodyLimits {
  readonly maxBodyBytes: number;
  /** Milliseconds until the whole body must be there. */
  readonly bodyTimeoutMs: number;
}

/**
 * Reads a whole request body into one buffer.
 *
 * Rejects with `payloadTooLarge` as soon as the declared or the received size is over the limit, with
 * `requestTimeout` when it comes too slowly, and with `clientClosed` when it breaks off.
 */
export function readRequestBody(request: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limits.maxBodyBytes) return Promise.reject(new GatewayError('payloadTooLarge'));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => settle(new GatewayError('requestTimeout')), limits.bodyTimeoutMs);
    request.on('data', onData);
    request.once('end', onEnd);
    request.once('close', onClose);
    request.once('error', onError);

    function onData(chunk: Buffer): void {
      size += chunk.length;
      if (size > limits.maxBodyBytes) settle(new GatewayError('payloadTooLarge'));
      else chunks.push(chunk);
    }
    function onEnd(): void {
      settle();
    }
    function onClose(): void {
      settle(new GatewayError('clientClosed'));
    }
    function onError(cause: Error): void {
      settle(new GatewayError('clientClosed', { cause }));
    }
    function settle(error?: GatewayError): void {
      clearTimeout(timer);
      request.off('data', onData);
      request.off('end', onEnd);
      request.off('close', onClose);
      if (error !== undefined) reject(error);
      else resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size));
    }
  });
}
