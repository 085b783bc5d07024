import { describe, expect, it } from 'vitest';
import { demoConfigText } from './demo.data.ts';
import { entropyOf, findSecrets, isSecretByPlace, secretKind } from './secret-patterns.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

describe('what looks like a secret by its form', () => {
  it.each([
    ['an AWS access key id', 'AKIAIOSFODNN7EXAMPLE'],
    ['an AWS access key id', 'id=ASIAIOSFODNN7EXAMPLE;'],
    ['an AWS access key id', 'SPAKIOSFODNN7EXAMPLE'],
    ['an AWS secret access key', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
    ['an Amazon Bedrock API key', `ABSK${letters}=`],
    ['an Amazon Bedrock API key', `bedrock-api-key-${letters}`],
    ['a Sallyport API key', `sp_demo_${letters.slice(0, 16)}_${letters}`],
    ['an API key', `sk-${letters.slice(0, 24)}`],
    ['an API key', `sk-ant-api03-${letters}`],
    ['an API key', `sk_live_${letters.slice(0, 24)}`],
    ['an API key', `AIza${letters.slice(0, 35)}`],
    ['an access token', `ghp_${letters.slice(0, 36)}`],
    ['an access token', `hf_${letters.slice(0, 34)}`],
    ['an access token', 'xoxb-123456789012-abc'],
    ['a JSON Web Token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.x'],
    ['a bearer token', 'Authorization: bearer abcdefgh12345678'],
    ['a PEM block', '-----BEGIN RSA PRIVATE KEY-----\nMII'],
    ['a URL with a password', 'postgres://app:hunter2@db.internal/app'],
    ['a URL with a password', 'redis://:hunter2@cache:6379'],
  ])('is %s: %s', (kind, text) => {
    expect(secretKind(text)).toBe(kind);
    expect(findSecrets(`# note: ${text}`)[0]?.offset).toBeGreaterThanOrEqual(8);
  });

  it.each([
    'anthropic.claude-sonnet-4-5-20250929-v1:0',
    'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0',
    'arn:aws:iam::123456789012:role/sallyport-task-role',
    'https://vpce-0123456789abcdef0.bedrock-runtime.us-east-1.vpce.amazonaws.com',
    'https://example.com:8443/path@v1',
    'AKIAIOSFODNN7EXAMPLEX',
    'da39a3ee5e6b4b0d3255bfef95601890afd80709',
    'DA39A3EE5E6B4B0D3255BFEF95601890AFD80709',
    '/usr/local/share/sallyport/policies/main',
    'Policies/Policies/Policies/Policies/aaaa',
    'risk-assessment-and-mitigation-policy',
    'sp_demo_developer',
    demoConfigText,
  ])('is not %s', (text) => {
    expect(secretKind(text)).toBeUndefined();
  });

  it('is found in linear time', () => {
    const seconds = (size: number) => {
      const start = performance.now();
      for (const piece of ['a', 'A1/', 'eyJ', 'a://:', 'sk-', 'a.', '-----BEGIN ', 'Bearer ']) {
        findSecrets(piece.repeat(size / piece.length));
      }
      return performance.now() - start;
    };
    seconds(50_000);
    expect(seconds(400_000)).toBeLessThan(40 * Math.max(seconds(50_000), 1));
  });
});

describe('what is a secret by its place', () => {
  it('is long and random under a key that names one', () => {
    for (const key of [
      'password',
      'clientSecret',
      'api_key',
      'apiKey',
      'authToken',
      'secretAccessKey',
      'signing-key',
      'key',
    ]) {
      expect(isSecretByPlace('correct4horse9battery', ['providers', key]), key).toBe(true);
    }
    expect(isSecretByPlace('correct4horse9battery', ['password', 'value'])).toBe(true);
  });

  it('is not what is short, plain, elsewhere, or the name of a secret', () => {
    expect(isSecretByPlace('hunter2', ['password'])).toBe(false);
    expect(isSecretByPlace('aaaaaaaaaaaaaaaaaaaaaaaa', ['password'])).toBe(false);
    expect(isSecretByPlace('a sentence about what a password is', ['password'])).toBe(false);
    expect(isSecretByPlace('correct4horse9battery', ['models', 'id'])).toBe(false);
    expect(isSecretByPlace('correct4horse9battery', ['keyboard'])).toBe(false);
    expect(isSecretByPlace('correct4horse9battery', [])).toBe(false);
    expect(isSecretByPlace('CORRECT4HORSE9BATTERY', ['password', 'env'])).toBe(false);
    expect(isSecretByPlace('/run/secrets/battery9', ['password', 'file'])).toBe(false);
  });
});

describe('entropy', () => {
  it('is counted in bits a character', () => {
    expect(entropyOf('aaaa')).toBeCloseTo(0);
    expect(entropyOf('abab')).toBe(1);
    expect(entropyOf('abcdefgh')).toBe(3);
  });
});
