import type { Writable } from 'node:stream';

/** The stream that the runtime gives to a handler that streams. */
export type ResponseStream = Writable & { setContentType?(type: string): void };

/** What API Gateway makes the head of an answer of. */
export interface Prelude {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the managed runtime has of its own, as far as it is used. */
export interface LambdaRuntime {
  streamifyResponse?(handler: (event: unknown, stream: ResponseStream, context: never) => Promise<void>): unknown;
  HttpResponseStream?: { from(stream: ResponseStream, prelude: Prelude): ResponseStream };
}

const PRELUDE_TYPE = 'application/vnd.awslambda.http-integration-response';
/** What ends the prelude: it may hold no such byte itself, which JSON never does. */
const PRELUDE_END = Buffer.alloc(8);
const NOTHING = Buffer.alloc(0);

/** The global of the managed runtime; undefined elsewhere. */
export function lambdaRuntime(): LambdaRuntime | undefined {
  const found: unknown = Reflect.get(globalThis, 'awslambda');
  return typeof found === 'object' && found !== null ? found : undefined;
}

/** Puts status and headers before what is then written, or where nothing is. */
export function beginResponse(stream: ResponseStream, prelude: Prelude): ResponseStream {
  const own = lambdaRuntime()?.HttpResponseStream;
  if (own !== undefined) {
    const begun = own.from(stream, prelude);
    // AWS's runtime puts the head before the first write alone, and `end` is none, whatever it is given: an answer
    // without a body would lose its head.
    begun.write(NOTHING);
    return begun;
  }
  stream.setContentType?.(PRELUDE_TYPE);
  stream.write(JSON.stringify(prelude));
  stream.write(PRELUDE_END);
  return stream;
}
