import { PassThrough, Writable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { createBufferedDoor } from './buffered-door.ts';
import { beginResponse, type ResponseStream } from './response-stream.ts';
import { createStreamDoor } from './stream-door.ts';

const readBody = () => Buffer.from('{}');
const json = { 'content-type': 'application/json' };
const reply = (text: string, headers: Record<string, string> = json) => ({
  status: 200,
  headers,
  body: Buffer.from(text),
});

const late = { reply: { ...reply('late'), status: 503 }, headers: { 'x-a': 'b' } };

/** A stream that takes one write and then no more, until it is told to. */
function slowStream() {
  const waiting: (() => void)[] = [];
  const stream: ResponseStream = new Writable({
    highWaterMark: 8,
    write: (_chunk, _encoding, done) => void waiting.push(done),
  });
  const take = () => {
    for (const done of waiting.splice(0)) done();
  };
  return { stream, take };
}

function streamDoor(stream: ResponseStream, stallTimeoutMs = 60_000) {
  const door = createStreamDoor({ stream, readBody, stallTimeoutMs });
  return { ...door, outlet: door.open({}).outlet };
}

describe('a door that streams', () => {
  it('writes status, headers and receipt before the answer', async () => {
    const stream = new PassThrough();
    const { outlet } = streamDoor(stream);
    outlet.promise('r');
    outlet.open(json);
    outlet.write(Buffer.from('{}'));
    outlet.end();
    const all = Buffer.concat(await stream.toArray()).toString();
    expect(all).toBe(
      `{"statusCode":200,"headers":{"x-sallyport-record":"r","content-type":"application/json"}}${'\0'.repeat(8)}{}`,
    );
  });

  it('waits for a client that is slow, and gives up on one that takes nothing', async () => {
    const { stream, take } = slowStream();
    const { outlet } = streamDoor(stream);
    outlet.open(json);
    const written = outlet.write(Buffer.from('a long text'));
    expect(written).toBeInstanceOf(Promise);
    const taking = setInterval(take, 1);
    await written;
    clearInterval(taking);
    expect(outlet.signal.aborted).toBe(false);
    const stalled = streamDoor(slowStream().stream, 5);
    stalled.outlet.open(json);
    await stalled.outlet.write(Buffer.from('a long text'));
    expect(stalled.outlet.signal.aborted).toBe(true);
  });

  it.each([
    ['closes', (stream: Writable) => stream.destroy()],
    ['fails', (stream: Writable) => stream.destroy(new Error('reset'))],
  ])('says once that the client is gone where the stream %s, and writes no more', async (_name, end) => {
    const stream = new PassThrough();
    const door = streamDoor(stream);
    const { signal } = door.outlet;
    let heard = 0;
    const dropped = () => {
      heard += 10;
    };
    signal.addEventListener('abort', () => {
      heard += 1;
    });
    signal.addEventListener('abort', dropped);
    signal.removeEventListener('abort', dropped);
    end(stream);
    await door.done();
    await new Promise((resolve) => setImmediate(resolve));
    door.cutOff(late);
    expect([signal.aborted, heard]).toEqual([true, 1]);
    door.outlet.open(json);
    expect(door.outlet.write(Buffer.from('a'))).toBeUndefined();
    door.outlet.end();
    door.open({}).send(reply('a'), {});
    expect(stream.writableLength).toBe(0);
  });

  it('refuses in the place of an answer that has not begun, and cuts off one that has', async () => {
    const stream = new PassThrough();
    const { outlet, ...door } = streamDoor(stream);
    door.cutOff(late);
    outlet.open(json);
    await door.done();
    const refused = Buffer.concat(await stream.toArray()).toString();
    expect(refused).toBe(
      `{"statusCode":503,"headers":{"x-a":"b","content-type":"application/json"}}${'\0'.repeat(8)}late`,
    );
    const begun = new PassThrough();
    const other = streamDoor(begun);
    other.outlet.open(json);
    other.cutOff(late);
    expect([begun.destroyed, other.outlet.signal.aborted]).toEqual([true, true]);
  });

  it.each(['a\r\nset-cookie: b', 'a\0'])('sends no header of %j', (value) => {
    const door = streamDoor(new PassThrough()).open({});
    expect(() => door.send(reply('a', { 'x-a': value }), {})).toThrow('The gateway failed');
    expect(() => door.outlet.open({ 'x-a': value })).toThrow('The gateway failed');
  });
});

describe('the head of a streamed answer', () => {
  afterEach(() => Reflect.deleteProperty(globalThis, 'awslambda'));

  it("is written by the runtime's own piece where there is one", () => {
    const other = new PassThrough();
    const from = () => other;
    Reflect.set(globalThis, 'awslambda', { HttpResponseStream: { from } });
    expect(beginResponse(new PassThrough(), { statusCode: 200, headers: {} })).toBe(other);
    Reflect.set(globalThis, 'awslambda', null);
    const own: ResponseStream = new PassThrough();
    let type = '';
    own.setContentType = (given) => {
      type = given;
    };
    expect(beginResponse(own, { statusCode: 200, headers: {} })).toBe(own);
    expect(type).toBe('application/vnd.awslambda.http-integration-response');
  });
});

describe('a door that gives the answer back whole', () => {
  const buffered = (hasHeaderLists = false, replyBytes = 40_000) =>
    createBufferedDoor({ readBody, replyBytes, hasHeaderLists });

  it('gives text as text and all else in base64, headers once or in lists', () => {
    const text = buffered();
    expect(text.reply()).toBeUndefined();
    text.open({}).send(reply('{"a":"ä"}'), { 'x-b': 'c' });
    const headers = { 'x-b': 'c', ...json };
    expect(text.reply()).toEqual({ statusCode: 200, headers, body: '{"a":"ä"}', isBase64Encoded: false });
    const bytes = buffered(true);
    const { outlet } = bytes.open({});
    outlet.promise('r');
    outlet.open({});
    outlet.write(Buffer.from([255]));
    outlet.end();
    const lists = { 'x-sallyport-record': ['r'] };
    expect(bytes.reply()).toEqual({ statusCode: 200, multiValueHeaders: lists, body: '/w==', isBase64Encoded: true });
  });

  it.each([
    ['text, by its length in JSON', json, '"'.repeat(4_000)],
    ['bytes, by their length in base64', {}, 'a'.repeat(6_000)],
  ])('refuses what does not fit: %s', (_name, headers, body) => {
    const door = buffered().open({});
    expect(() => door.outlet.require?.(Buffer.from(body), headers)).toThrow('larger than this front door');
    expect(() => door.outlet.require?.(Buffer.from(body.slice(0, 3_000)), headers)).not.toThrow();
    expect(() => door.send(reply(body, headers), {})).toThrow('larger than this front door');
  });

  it('forgets what it held where all of it is refused, and knows no headers that break lines', () => {
    const door = buffered();
    const { outlet, refuse } = door.open({});
    outlet.open(json);
    outlet.write(Buffer.from('begun'));
    refuse({ ...reply('no'), status: 503 }, {});
    expect(door.reply()).toMatchObject({ statusCode: 503, body: 'no' });
    refuse(reply('no', { 'x-a': 'a\nb' }), {});
    expect(() => door.reply()).toThrow('The gateway failed');
  });

  it('says that nobody waits any more', () => {
    const door = buffered();
    const { outlet, send } = door.open({});
    door.cutOff(late);
    expect(outlet.signal.aborted).toBe(true);
    send(reply('too late'), {});
    expect(door.reply()).toMatchObject({ statusCode: 503, body: 'late', headers: { 'x-a': 'b' } });
  });

  it('keeps of an answer that has begun what there is', () => {
    const door = buffered();
    const { outlet } = door.open({});
    outlet.open(json);
    outlet.write(Buffer.from('begun'));
    door.cutOff(late);
    expect(door.reply()).toMatchObject({ statusCode: 200, body: 'begun' });
  });
});
