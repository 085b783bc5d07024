import type { IncomingMessage, ServerResponse } from 'node:http';
import { createHttpOutlet } from './http/http-outlet.ts';
import type { ListenerOptions } from './http/listener.ts';
import { createPort, type Port, type PortLimits } from './http/port.ts';
import { type BodyLimits, readRequestBody } from './http/read-body.ts';
import { toRequestHead } from './http/request-head.ts';
import { sendReply } from './http/send-reply.ts';
import { createReception, type Door, type ReceptionOptions } from './reception.ts';

export interface DataPortOptions extends ListenerOptions, Omit<ReceptionOptions, 'limits'> {
  readonly limits: PortLimits & BodyLimits & ReceptionOptions['limits'];
}

/** The port that applications call, of HTTP/1.1 and HTTP/2. */
export function createDataPort(options: DataPortOptions): Port {
  const receive = createReception(options);
  return createPort(options, (request, response) =>
    receive({
      head: toRequestHead(request),
      open: (headers) => openHttpDoor({ request, response }, headers, options.limits),
    }),
  );
}

interface Wire {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

function openHttpDoor(
  { request, response }: Wire,
  headers: Record<string, string>,
  limits: DataPortOptions['limits'],
): Door {
  const invite = () => {
    if (request.headers.expect !== undefined) response.writeContinue();
  };
  return {
    outlet: createHttpOutlet(response, headers, limits.idleTimeoutMs),
    readBody: (allowance) => readRequestBody(request, limits, { allowance, invite }),
    send: (reply, beside) => sendReply(response, reply, beside),
    refuse: (reply, beside) => sendReply(response, reply, { ...beside, ...closing(request) }),
  };
}

/** An HTTP/1.1 connection whose request was not read to its end ends with the answer: what follows is not a request. */
function closing(request: IncomingMessage): Readonly<Record<string, string>> {
  return request.complete || request.httpVersionMajor > 1 ? {} : { connection: 'close' };
}
