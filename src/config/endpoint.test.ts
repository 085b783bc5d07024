import { describe, expect, it } from 'vitest';
import { isSafeEndpoint } from './endpoint.ts';

describe('an endpoint', () => {
  it.each([
    'https://bedrock-runtime.us-east-1.amazonaws.com',
    'https://vpce-1.example.com:8443/base',
    'http://127.0.0.1:4566',
    'http://127.8.9.10',
    'http://localhost:8000/v1',
    'http://[::1]:8000',
    'http://2130706433:80',
  ])('may be %s', (url) => {
    expect(isSafeEndpoint(url)).toBe(true);
  });

  it.each([
    ['cleartext over a network', 'http://bedrock-runtime.us-east-1.amazonaws.com'],
    ['a name that only begins like loopback', 'http://127.0.0.1.example.com'],
    ['a name that only begins like localhost', 'http://localhost.example.com'],
    ['the unspecified address', 'http://0.0.0.0:8000'],
    ['credentials', 'https://user:password@example.com'],
    ['a user name', 'https://user@example.com'],
    ['a password alone', 'https://:password@example.com'],
    ['loopback as credentials', 'http://127.0.0.1@example.com'],
    ['a query', 'https://example.com/?key=1'],
    ['a fragment', 'https://example.com/#a'],
    ['another scheme', 'file:///etc/passwd'],
    ['no scheme', 'bedrock-runtime.us-east-1.amazonaws.com'],
    ['nothing', ''],
  ])('is not %s', (_, url) => {
    expect(isSafeEndpoint(url)).toBe(false);
  });
});
