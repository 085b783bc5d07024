import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { type LocalServer, serveLocally } from './local-server.ts';
import { answer, type Reply, refusal, type SeenRequest, type Site } from './s3-answers.ts';
import { type Bucket, createBucket, S3Refusal } from './s3-bucket.ts';

/** What goes wrong with a request: it is refused, its connection is cut, its answer comes late, in half, or altered. */
export type S3Fault =
  | { readonly kind: 'refuse'; readonly status: number; readonly code: string }
  | { readonly kind: 'cut'; readonly when: 'before' | 'after' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'half'; readonly rest: 'cut' | 'never' }
  | { readonly kind: 'alter'; readonly alter: (reply: Reply) => Reply };

export interface S3FaultOptions {
  /** The requests that it befalls; all unless given. */
  readonly on?: (request: SeenRequest) => boolean;
  /** How many of them; 1 unless given. */
  readonly times?: number;
}

export interface S3ServerOptions {
  readonly bucket?: string;
  /** The account the bucket belongs to. */
  readonly owner?: string;
  /** Whether it keeps versions, and takes locks. Default: yes. */
  readonly isVersioned?: boolean;
  /** Entries of a page of a list; 1,000 unless given. */
  readonly pageSize?: number;
  readonly now?: () => number;
}

export interface S3Server extends LocalServer {
  readonly bucket: Bucket;
  /** What came, in order. */
  readonly requests: SeenRequest[];
  fail(fault: S3Fault, options?: S3FaultOptions): void;
}

/**
 * A server that speaks as much of S3 as an object store takes, on the wire and path-style, about one bucket in memory:
 * conditional writes, checksums, versions, Object Lock, lists in pages. Signatures are asked for and not verified.
 */
export async function startS3Server(options: S3ServerOptions = {}): Promise<S3Server> {
  const { now = Date.now, isVersioned = true, owner = '111122223333', pageSize = 1_000 } = options;
  const site: Site = { bucket: createBucket({ isVersioned, now }), name: options.bucket ?? 'log', owner, pageSize };
  const requests: SeenRequest[] = [];
  const faults: { readonly fault: S3Fault; readonly on: (request: SeenRequest) => boolean; left: number }[] = [];

  /** The fault of this request, planted first. */
  function takeFault(request: SeenRequest): S3Fault | undefined {
    const planted = faults.find(({ on, left }) => left > 0 && on(request));
    if (planted !== undefined) planted.left -= 1;
    return planted?.fault;
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    requests.push(request);
    const fault = takeFault(request);
    if (fault?.kind === 'cut' && fault.when === 'before') {
      incoming.socket.destroy();
      return;
    }
    const isRefused = fault?.kind === 'refuse';
    const reply = isRefused ? refusal(new S3Refusal(fault.status, fault.code)) : answer(site, request);
    if (fault?.kind === 'delay') await wait(fault.ms);
    if (fault?.kind === 'cut') incoming.socket.destroy();
    else send(response, fault?.kind === 'alter' ? fault.alter(reply) : reply, fault);
  }

  const server = createServer((incoming, response) => {
    // A client that has gone away, as those do that waited long enough.
    handle(incoming, response).catch(() => incoming.socket.destroy());
  });

  const local = await serveLocally(server);
  return {
    ...local,
    bucket: site.bucket,
    requests,
    fail(fault, { on = () => true, times = 1 } = {}) {
      faults.push({ fault, on, left: times });
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://s3.invalid');
  const [, bucket = '', ...key] = decodeURIComponent(pathname).split('/');
  const { method = '', headers } = incoming;
  return { method, bucket, key: key.join('/'), query: searchParams, headers, body: Buffer.concat(chunks) };
}

function send(response: ServerResponse, { status, headers, body }: Reply, fault: S3Fault | undefined): void {
  response.writeHead(status, { 'content-length': body.length, ...headers });
  if (fault?.kind !== 'half') {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, body.length / 2), () => {
    if (fault.rest === 'cut') response.destroy();
  });
}
