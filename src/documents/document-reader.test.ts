import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { GatewayError } from '../core/index.ts';
import { createDocumentReader, type DocumentReaderOptions } from './document-reader.ts';
import { docxOf, FONT, pageOf, paragraph, pdfOf, shows } from './files.suite.ts';

const never = new AbortController().signal;
const docx = { format: 'docx', bytes: docxOf(paragraph('text of the body')) } as const;
const reader = createDocumentReader();
afterAll(() => reader[Symbol.asyncDispose]());

/** As many pages as there may be, all of them with much on them: more than any time limit here has room for. */
const endless = {
  format: 'pdf',
  bytes: pdfOf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Kids [${Array.from({ length: 20_000 }, (_, index) => `${index + 5} 0 R`).join(' ')}] /Resources << /Font << /F1 4 0 R >> >> >>`,
    { dictionary: '', data: shows('a').repeat(50) },
    FONT,
    ...Array.from({ length: 20_000 }, () => '<< /Type /Page /Contents 3 0 R >>'),
  ]),
} as const;

/** How a reading ends: the code and the words of its fault. */
async function faultOf(run: Promise<unknown>): Promise<string> {
  try {
    await run;
    return 'read';
  } catch (error) {
    return error instanceof GatewayError ? `${error.code}: ${error.message}` : String(error);
  }
}

async function withReader<T>(options: DocumentReaderOptions, run: (own: typeof reader) => Promise<T>): Promise<T> {
  await using own = createDocumentReader(options);
  return await run(own);
}

describe('a document reader', () => {
  it('gives the text of each format, and of several documents at once', async () => {
    const pdf = { format: 'pdf', bytes: pageOf(shows('text of the page')) } as const;
    const readings = await Promise.all([docx, pdf, docx, pdf].map((file) => reader.read(file, never)));
    expect(readings.map(({ pieces }) => pieces)).toEqual([
      ['text of the body'],
      ['text of the page'],
      ['text of the body'],
      ['text of the page'],
    ]);
  });

  it('leaves the bytes to the caller, and takes no others along', async () => {
    const buffer = Buffer.concat([Buffer.alloc(50, 'x'), docx.bytes, Buffer.alloc(50, 'x')]);
    const bytes = buffer.subarray(50, 50 + docx.bytes.length);
    expect((await reader.read({ format: 'docx', bytes }, never)).pieces).toEqual(['text of the body']);
    expect(bytes.equals(docx.bytes)).toBe(true);
  });

  it('says why a document is not read, and nothing of its content', async () => {
    const secret = Buffer.from('PK 4111111111111111');
    expect(await faultOf(reader.read({ format: 'docx', bytes: secret }, never))).toBe(
      'uninspectable: The request holds content the gateway cannot inspect: a document is damaged, or not in the format it is said to be in.',
    );
    expect(await faultOf(reader.read({ format: 'doc', bytes: secret }, never))).toMatch(
      /^uninspectable: .*binary format/,
    );
    expect(await faultOf(reader.read({ format: 'xls', bytes: secret }, never))).toMatch(/^uninspectable/);
  });

  it('ends a reading that takes too long, and reads on', async () => {
    await withReader({ timeoutMs: 1_000, workers: 1 }, async (own) => {
      expect(await faultOf(own.read(endless, never))).toMatch(/^uninspectable: .*took too long/);
      expect((await own.read(docx, never)).pieces).toEqual(['text of the body']);
    });
  });

  it('ends a reading that takes too much memory, on the heap or beside it', async () => {
    const values = Array.from({ length: 400_000 }, (_, index) => `<w:a b="@${index.toString(36)}"/>`).join('');
    const content = { dictionary: '', data: ' '.repeat(20_000_000) };
    await withReader({ timeoutMs: 60_000, memoryBytes: 16 * 2 ** 20 }, async (own) => {
      for (const file of [
        { format: 'docx', bytes: docxOf(values) } as const,
        { format: 'pdf', bytes: pageOf(content) } as const,
      ]) {
        expect(await faultOf(own.read(file, never))).toMatch(/^uninspectable: .*took too much memory/);
      }
      expect((await own.read(docx, never)).pieces).toEqual(['text of the body']);
    });
  });

  it('keeps what documents may expand to, and how much text they may have', async () => {
    await withReader({ expandedBytes: 100, textUnits: 5 }, async (own) => {
      expect(await faultOf(own.read(docx, never))).toMatch(/^uninspectable: .*expands/);
    });
    await withReader({ textUnits: 5 }, async (own) => {
      expect(await faultOf(own.read(docx, never))).toMatch(/^uninspectable: .*more text/);
    });
  });

  it('lets so many wait, and no more', async () => {
    await withReader({ workers: 1, queued: 1 }, async (own) => {
      const abort = new AbortController();
      const first = faultOf(own.read(endless, abort.signal));
      const second = own.read(docx, never);
      expect(await faultOf(own.read(docx, never))).toMatch(/^tooManyRequests/);
      abort.abort(new Error('gone'));
      expect(await first).toBe('Error: gone');
      expect((await second).pieces).toEqual(['text of the body']);
    });
  });

  it('gives up whoever is gone, before, while waiting and while reading', async () => {
    await withReader({ workers: 1 }, async (own) => {
      expect(await faultOf(own.read(docx, AbortSignal.abort(new Error('gone before'))))).toBe('Error: gone before');
      const [reading, waiting] = [new AbortController(), new AbortController()];
      const one = faultOf(own.read(endless, reading.signal));
      const two = faultOf(own.read(docx, waiting.signal));
      const three = own.read(docx, never);
      waiting.abort(new Error('gone while waiting'));
      expect(await two).toBe('Error: gone while waiting');
      reading.abort('gone while reading');
      expect(await one).toMatch(/^clientClosed/);
      expect((await three).pieces).toEqual(['text of the body']);
    });
  });

  it('ends what is read and what waits when it is closed', async () => {
    const own = createDocumentReader({ workers: 1 });
    const idle = createDocumentReader();
    await idle.read(docx, never);
    const running = faultOf(own.read(endless, never));
    const waiting = faultOf(own.read(docx, never));
    await sleep(300);
    await own[Symbol.asyncDispose]();
    await idle[Symbol.asyncDispose]();
    expect(await running).toMatch(/^shuttingDown/);
    expect(await waiting).toMatch(/^shuttingDown/);
    expect(await faultOf(idle.read(docx, never))).toMatch(/^shuttingDown/);
  });

  it('leaves this thread its disk and its modules', async () => {
    await reader.read(docx, never);
    expect(readFileSync(import.meta.filename).length).toBeGreaterThan(0);
    expect(await import('node:net')).toHaveProperty('connect');
    expect(typeof fetch).toBe('function');
  });
});
