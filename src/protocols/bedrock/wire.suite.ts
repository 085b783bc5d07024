import type { HeaderLookup, Protocol, ReadRequest, ReplyWriter } from '../../core/index.ts';
import { createFrameReader, type Frame } from './event-stream.ts';
import { bedrockProtocol } from './protocol.ts';

/** The protocol as if every path named `model`: suites name an operation alone. */
export function protocolFor(model: string): Protocol {
  return {
    ...bedrockProtocol,
    read: (route, body, headers) => withReadableStream(bedrockProtocol.read({ ...route, model }, body, headers)),
  };
}

/** The request with a writer whose stream is a line for each event, `<type> <JSON>`, where frames would be bytes. */
function withReadableStream(read: ReadRequest): ReadRequest {
  const lines = (bytes: Uint8Array) =>
    Buffer.from(
      readFrames(bytes)
        .map((frame) => `${lineOf(frame)}\n`)
        .join(''),
    );
  return {
    ...read,
    createReply(meta): ReplyWriter {
      const writer = read.createReply(meta);
      return {
        ...writer,
        events: (events, latencyMs) => lines(writer.events(events, latencyMs)),
        end: (latencyMs) => lines(writer.end(latencyMs)),
      };
    },
  };
}

function lineOf(frame: Frame): string {
  const type = headerOf(frame, ':event-type');
  return `${type} ${type === 'chunk' ? chunkOf(frame) : Buffer.from(frame.payload).toString()}`;
}

/** Events of a stream of lines. */
export function eventsOf(lines: string): readonly { readonly type: string; readonly json: string }[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ type: line.slice(0, line.indexOf(' ')), json: line.slice(line.indexOf(' ') + 1) }));
}

export function readFrames(bytes: Uint8Array): readonly Frame[] {
  const reader = createFrameReader();
  const frames = [...reader.push(bytes)];
  reader.end();
  return frames;
}

/** The JSON that a `chunk` frame of `InvokeModelWithResponseStream` carries. */
export function chunkOf(frame: Frame): string {
  return Buffer.from(JSON.parse(Buffer.from(frame.payload).toString()).bytes, 'base64').toString();
}

export function headerOf(frame: Frame | undefined, name: string): string | undefined {
  const header = frame?.headers.get(name);
  return header?.type === 'string' ? header.value : undefined;
}

const noHeaders: HeaderLookup = () => undefined;

/** Reads a body, given as JSON text or as a value to print, as `operation` on `model`. */
export function read(operation: string, model: string, body: unknown, headers: HeaderLookup = noHeaders): ReadRequest {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return bedrockProtocol.read({ kind: 'invoke', operation, model }, Buffer.from(text), headers);
}
