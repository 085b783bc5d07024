import { describe, expect, it } from 'vitest';
import { codeOf } from './protocol.suite.ts';
import { createMatch } from './routes.ts';

const match = createMatch('/base/v1', { '/messages': 'messages' });

describe('a matcher of routes', () => {
  it('knows operations, the list of models, and single models', () => {
    expect(match('POST', '/base/v1/messages')).toEqual({ kind: 'invoke', operation: 'messages' });
    expect(match('GET', '/base/v1/models')).toEqual({ kind: 'listModels', operation: 'models.list' });
    expect(match('GET', '/base/v1/models/a')).toEqual({ kind: 'getModel', operation: 'models.retrieve', model: 'a' });
  });

  it('decodes a model id once', () => {
    for (const [segment, model] of [
      ['a%2Fb%3A0', 'a/b:0'],
      ['a:0', 'a:0'],
      ['a%252Fb', 'a%2Fb'],
      ['..', '..'],
    ]) {
      expect(match('GET', `/base/v1/models/${segment}`)).toMatchObject({ model });
    }
  });

  it('knows no other path', () => {
    for (const path of [
      '/',
      '/base/v1/messages/',
      '/base/v1//messages',
      '/base/v1/Messages',
      '/base/v1/models/',
      '/base/v1/models/a/b',
      '/base/v1/models/%zz',
      '/base/v1/models/%ff',
      '/base/v1/constructor',
      '/v1/messages',
    ]) {
      expect(match('GET', path)).toBeUndefined();
    }
  });

  it('refuses another method on a path it knows', () => {
    expect(codeOf(() => match('GET', '/base/v1/messages'))).toBe('methodNotAllowed');
    expect(codeOf(() => match('POST', '/base/v1/models'))).toBe('methodNotAllowed');
    expect(codeOf(() => match('DELETE', '/base/v1/models/a'))).toBe('methodNotAllowed');
  });
});
