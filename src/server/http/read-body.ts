import type { IncomingMessage } from 'node:http';
import { GatewayError, toGatewayError } from '../../core/index.ts';
import type { BodyAllowance } from './body-budget.ts';

export interface BodyLimits {
  readonly maxBodyBytes: number;
  /** Milliseconds until the whole body must be there. */
  readonly bodyTimeoutMs: number;
}

export interface BodyReading {
  /** What may be buffered of it beside the bodies of others. The caller gives it back. */
  readonly allowance: BodyAllowance;
  /** Called once the body is wanted, before any of it is read. */
  readonly invite: () => void;
}

/**
 * Reads a whole request body into one buffer.
 *
 * Rejects with `payloadTooLarge` as soon as the declared or the received size is over the limit, with what the
 * allowance throws as soon as either is over that, with `requestTimeout` when it comes too slowly, and with
 * `clientClosed` when it breaks off or has been broken off. A transfer coding other than chunked is refused as
 * `unsupportedMediaType`: Node hands it on undone (RFC 9112, section 7).
 */
export async function readRequestBody(
  request: IncomingMessage,
  limits: BodyLimits,
  { allowance, invite }: BodyReading,
): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limits.maxBodyBytes) throw new GatewayError('payloadTooLarge');
  if ((request.headers['transfer-encoding'] ?? 'chunked').toLowerCase() !== 'chunked') {
    throw new GatewayError('unsupportedMediaType');
  }
  if (request.destroyed) throw new GatewayError('clientClosed');
  allowance.require(declared);
  invite();
  return isWhole(request, declared) ? takeWhole(request, limits, allowance) : gather(request, limits, allowance);
}

/** Whether a request is here to the end of its body, as a small one is by the time its credential is verified. */
function isWhole(request: IncomingMessage, declared: number): boolean {
  if (declared > 0) return request.readableLength === declared;
  // Under HTTP/2 `complete` is also said of a request that broke off.
  return request.complete && request.httpVersionMajor === 1;
}

function takeWhole(request: IncomingMessage, { maxBodyBytes }: BodyLimits, allowance: BodyAllowance): Buffer {
  if (request.readableLength > maxBodyBytes) throw new GatewayError('payloadTooLarge');
  allowance.take(request.readableLength);
  const body: Buffer | null = request.read();
  // So that the request also ends, and its connection keeps nothing of it.
  request.resume();
  return body ?? Buffer.alloc(0);
}

function gather(request: IncomingMessage, limits: BodyLimits, allowance: BodyAllowance): Promise<Buffer> {
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
      try {
        if (size > limits.maxBodyBytes) throw new GatewayError('payloadTooLarge');
        allowance.take(chunk.length);
        chunks.push(chunk);
      } catch (cause) {
        settle(toGatewayError(cause));
      }
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
