import { describe, expect, it } from 'vitest';
import { CommandError } from './command-error.ts';
import { parsePort, toSetupOptions } from './setup-options.ts';

describe('options and environment', () => {
  it('are nothing where nothing is given, and empty variables count as not set', () => {
    expect(toSetupOptions({}, {})).toEqual({});
    const empty = { SALLYPORT_DATA: '', SALLYPORT_PORT: '', SALLYPORT_ADMIN_PORT: '' };
    expect(toSetupOptions({}, empty)).toEqual({});
  });

  it('are taken from the environment, and from options before it', () => {
    const environment = { SALLYPORT_DATA: '/d', SALLYPORT_PORT: '9000', SALLYPORT_ADMIN_PORT: '0' };
    expect(toSetupOptions({}, environment)).toEqual({ dataDirectory: '/d', port: 9000, adminPort: 0 });
    const given = { config: 'bank.yaml', data: '/e', port: 1, adminPort: 2 };
    expect(toSetupOptions(given, environment)).toEqual({
      configFile: 'bank.yaml',
      dataDirectory: '/e',
      port: 1,
      adminPort: 2,
    });
  });

  it.each(['http', '65536', '-1', '1e3', ' 80', '0x50'])('name the variable that holds no port: %j', (port) => {
    expect(() => toSetupOptions({}, { SALLYPORT_PORT: port })).toThrow(CommandError);
    const toOptions = () => toSetupOptions({}, { SALLYPORT_ADMIN_PORT: port });
    expect(toOptions).toThrow('SALLYPORT_ADMIN_PORT must be a port from 0 to 65535');
  });
});

describe('a port', () => {
  it.each(['0', '80', '65535'])('is %s', (text) => {
    expect(parsePort(text)).toBe(Number(text));
  });

  it.each(['', '65536', '-1', '1.5', '+80', '080000', 'eighty'])('is not %j', (text) => {
    expect(() => parsePort(text)).toThrow(/port from 0 to 65535/);
  });
});
