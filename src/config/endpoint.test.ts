import { describe, expect, it } from 'vitest';
import { findEndpointProblem, isPrivateEndpoint } from './endpoint.ts';

describe('an endpoint', () => {
  it.each([
    'https://bedrock-runtime.us-east-1.amazonaws.com',
    'https://vpce-1.example.com:8443/base',
    'http://127.0.0.1:4566',
    'http://127.8.9.10',
    'http://localhost:8000/v1',
    'http://[::1]:8000',
    'http://2130706433:80',
    'https://8.8.8.8/v1',
    'https://10.0.0.5/v1',
  ])('may be %s', (url) => {
    expect(findEndpointProblem(url)).toBeUndefined();
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
    expect(findEndpointProblem(url)).toMatch(/^expected an `https:` URL/);
  });

  it.each([
    'https://169.254.169.254/latest/meta-data',
    'https://169.254.170.2',
    'https://0xa9fea9fe/',
    'https://[fd00:ec2::254]',
    'https://[::ffff:169.254.169.254]',
    'https://[fe80::1]',
    'https://100.100.100.200',
    'https://0.0.0.0',
    'https://224.0.0.1',
  ])('is not %s, where no model is served', (url) => {
    expect(findEndpointProblem(url)).toMatch(/^an address where no model is served/);
  });

  it('is private where it names such an address', () => {
    const hosts = ['10.0.0.5', '172.16.0.1', '192.168.0.1', '100.64.0.1', '[fd12::1]', '[::ffff:10.0.0.5]'];
    expect(hosts.filter((host) => !isPrivateEndpoint(`https://${host}/v1`))).toEqual([]);
    const others = ['https://8.8.8.8', 'https://127.0.0.1', 'https://models.internal', 'no URL'];
    expect(others.filter(isPrivateEndpoint)).toEqual([]);
  });
});
