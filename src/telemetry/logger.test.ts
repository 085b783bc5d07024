import { closeSync, mkdtempSync, openSync, readFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../core/index.ts';
import { createLogger, describeCause, type LogFields } from './logger.ts';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const file = join(mkdtempSync(join(tmpdir(), 'sallyport-log-')), 'log');
  const logger = createLogger({ destination: file });
  write(logger);
  logger.close();
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

describe('the logger', () => {
  it('writes one JSON line an event with a time and the fields', () => {
    const [line] = logged((logger) => logger.info('request', { status: 200, protocol: 'bedrock' }));
    expect(line).toMatchObject({ event: 'request', status: 200, protocol: 'bedrock' });
    const time = String(line?.time);
    expect(new Date(time).toISOString()).toBe(time);
    expect(Math.abs(Date.now() - Date.parse(time))).toBeLessThan(10_000);
  });

  it('drops fields that are not on the list, whatever a caller of it passes', () => {
    const smuggled: LogFields = Object.assign({ status: 200 }, { prompt: 'my card is 4111111111111111' });
    const [line] = logged((logger) => logger.error('internal fault', smuggled));
    expect(JSON.stringify(line)).not.toContain('4111');
    expect(line).toMatchObject({ status: 200 });
  });

  it('writes to a descriptor and leaves it open', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'sallyport-log-')), 'log');
    const descriptor = openSync(file, 'a');
    const logger = createLogger({ destination: descriptor });
    logger.info('started');
    logger.flush();
    logger.info('stopping', { count: 2 });
    logger.close();
    writeSync(descriptor, 'after\n');
    closeSync(descriptor);
    const [first, second, last] = readFileSync(file, 'utf8').split('\n');
    expect([first, second].map((line) => JSON.parse(line ?? '').event)).toEqual(['started', 'stopping']);
    expect(last).toBe('after');
  });

  it('goes on where its destination cannot be written', async () => {
    const readOnly = openSync('/dev/null', 'r');
    const logger = createLogger({ destination: readOnly });
    for (let line = 0; line < 2_000; line += 1) logger.info('started');
    await new Promise((resolve) => setTimeout(resolve, 300));
    logger.info('stopping');
    closeSync(readOnly);
  });

  it('writes what strings hold as JSON, and what there is of numbers', () => {
    const [line] = logged((logger) =>
      logger.info('request', { tenant: 'a"\n\u2028é', durationMs: Number.NaN, status: 0 }),
    );
    expect(line).toMatchObject({ level: 30, tenant: 'a"\n\u2028é', durationMs: null, status: 0 });
  });

  it('writes an event without fields', () => {
    expect(logged((logger) => logger.error('stopped'))[0]).toMatchObject({ event: 'stopped' });
    expect(logged((logger) => logger.warn('certificate kept'))[0]).toMatchObject({ level: 40 });
    expect(logged((logger) => logger.info('stopping'))[0]).toMatchObject({ event: 'stopping' });
  });
});

describe('the description of a cause', () => {
  it('names classes and system codes and leaves messages out', () => {
    const disk = Object.assign(new Error('no space at /secret/path'), { code: 'ENOSPC' });
    const error = new GatewayError('journalUnavailable', { cause: disk });
    expect(describeCause(error)).toBe('GatewayError:journalUnavailable < Error:ENOSPC');
  });

  it('cannot be made to break a log line by a forged name', () => {
    const forged = Object.assign(new Error('x'), { name: 'Evil\n{"event":"fake"}', code: 7 });
    expect(describeCause(forged)).toBe('Evilevent:fake');
    expect(describeCause('a string')).toBe('');
  });
});
