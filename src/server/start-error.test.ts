import { describe, expect, it } from 'vitest';
import { opening, StartError, toStartError } from './start-error.ts';

const systemError = (code: unknown) => Object.assign(new Error('raw system text'), { code });

describe('why the gateway cannot start', () => {
  it.each([
    ['EACCES', 'permission denied'],
    ['EROFS', 'the file system is read-only'],
    ['ENOSPC', 'no space left on the device'],
    ['EADDRINUSE', 'the port is already in use; choose another with --port or --admin-port'],
    ['ENOTFOUND', 'no such host'],
  ])('is told in the operator’s words for %s', (code, reason) => {
    expect(toStartError(systemError(code), 'it')).toMatchObject({ message: `it: ${reason}`, name: 'StartError' });
  });

  it('is the error’s own text where there are no better words, and never nothing', () => {
    expect(toStartError(systemError('EOTHER'), 'it').message).toBe('it: raw system text');
    expect(toStartError(systemError(7), 'it').message).toBe('it: raw system text');
    expect(toStartError(new Error('plain'), 'it').message).toBe('it: plain');
    expect(toStartError('a string', 'it').message).toBe('it: unknown error');
  });

  it('names what could not be opened and keeps the cause', async () => {
    expect(await opening('the state', async () => 7)).toBe(7);
    const cause = systemError('ENOENT');
    const failed = opening('the state', () => Promise.reject(cause));
    await expect(failed).rejects.toBeInstanceOf(StartError);
    await expect(failed).rejects.toMatchObject({
      cause,
      message: expect.stringMatching(/^the state cannot be opened: /),
    });
  });
});
