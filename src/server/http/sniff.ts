import type { Socket } from 'node:net';

const PREFACE = Buffer.from('PRI * HTTP/2.0');

/** Looks at a cleartext connection's first bytes, puts them back and says whether they are HTTP/2's preface. */
export function sniff(socket: Socket, timeoutMs: number, decide: (isHttp2: boolean) => void): void {
  let seen = Buffer.alloc(0);
  const giveUp = setTimeout(() => socket.destroy(), timeoutMs);
  socket.once('close', () => clearTimeout(giveUp));
  socket.on('data', onData);

  function onData(chunk: Buffer): void {
    seen = Buffer.concat([seen, chunk]);
    const length = Math.min(seen.length, PREFACE.length);
    const matches = seen.subarray(0, length).equals(PREFACE.subarray(0, length));
    if (matches && seen.length < PREFACE.length) return;
    clearTimeout(giveUp);
    socket.off('data', onData);
    socket.pause();
    socket.unshift(seen);
    decide(matches);
    process.nextTick(() => socket.resume());
  }
}
