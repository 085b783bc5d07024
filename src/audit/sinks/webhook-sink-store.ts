import type { CheckpointSink } from '../log/contracts.ts';

interface WebhookSinkOptions {
  readonly name: string;
  /** `https:`, or `http:` on loopback. */
  readonly url: string;
  /** Sent as bearer token. A function is asked for each checkpoint. */
  readonly token?: string | (() => Promise<string>);
}

const TIMEOUT_MS = 10_000;

/** Sends each checkpoint as the body of a POST (`text/plain`), with the size in `x-sallyport-log-size`. Kept is what a 2xx says. */
export function createWebhookSink({ name, url, token }: WebhookSinkOptions): CheckpointSink {
  return {
    name,
    async publish(checkpoint, size) {
      const { request } = await import('undici');
      const bearer = typeof token === 'function' ? await token() : token;
      const { statusCode, body } = await request(url, {
        method: 'POST',
        headers: {
          'content-type': 'text/plain; charset=utf-8',
          'x-sallyport-log-size': String(size),
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        },
        body: checkpoint,
        headersTimeout: TIMEOUT_MS,
        bodyTimeout: TIMEOUT_MS,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await body.dump();
      if (statusCode < 200 || statusCode > 299) throw new Error(`the webhook answered ${statusCode}`);
    },
  };
}
