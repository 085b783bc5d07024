import { describe, expect, it } from 'vitest';
import { toAlbRequest } from './alb-event.ts';
import { toHttpRequest } from './http-event.ts';
import { EventError, toBody } from './lambda-request.ts';
import { toRestRequest } from './rest-event.ts';

const PATH = '/model/amazon.nova-lite-v1%3A0/converse';

const rest = (more: object = {}, context: object = {}) => ({
  resource: '/{proxy+}',
  httpMethod: 'POST',
  path: PATH,
  multiValueHeaders: { Host: ['h'], Authorization: ['Bearer a'] },
  multiValueQueryStringParameters: null,
  body: Buffer.from('{}').toString('base64'),
  isBase64Encoded: true,
  requestContext: {
    path: `/prod${PATH}`,
    stage: 'prod',
    resourcePath: '/{proxy+}',
    identity: { sourceIp: '10.0.0.9', userArn: null, accountId: null },
    ...context,
  },
  ...more,
});

const http = (more: object = {}, stage = '$default') => ({
  version: '2.0',
  rawPath: '/model/amazon.nova-lite-v1:0/converse',
  rawQueryString: 'a=%2F',
  headers: { host: 'h' },
  isBase64Encoded: false,
  requestContext: { stage, http: { method: 'POST', path: '/', sourceIp: '10.0.0.9' } },
  ...more,
});

const alb = (more: object = {}) => ({
  httpMethod: 'POST',
  path: PATH,
  headers: { host: 'h', 'x-forwarded-for': '192.0.2.1, 10.0.0.9' },
  queryStringParameters: { a: '%2F' },
  body: '{}',
  isBase64Encoded: false,
  requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:x' } },
  ...more,
});

describe('an event of a REST API', () => {
  it('is what the client sent, its stage with it, and its route without', () => {
    const { head, route, iam } = toRestRequest(rest());
    expect(head).toMatchObject({ method: 'POST', path: `/prod${PATH}`, query: '', source: '10.0.0.9' });
    expect(head.headers).toContainEqual(['authorization', 'Bearer a']);
    expect(head.headers).toContainEqual(['content-length', '2']);
    expect(route).toBe(PATH);
    expect(iam).toBeUndefined();
  });

  it('has no stage in its path under a custom domain, but perhaps a base path', () => {
    const event = rest({ path: `/llm${PATH}` }, { path: `/llm${PATH}` });
    expect(toRestRequest(event, '/llm')).toMatchObject({ head: { path: `/llm${PATH}` }, route: PATH });
    expect(toRestRequest(event).route).toBe(`/llm${PATH}`);
    expect(toRestRequest(rest({}, { path: PATH })).head.path).toBe(PATH);
  });

  it('is known by its stage whichever of its paths keeps its escapes', () => {
    const { head } = toRestRequest(rest({}, { path: `/prod${decodeURIComponent(PATH)}` }));
    expect(head.path).toBe(`/prod${PATH}`);
    expect(toRestRequest(rest({ path: '/%zz' }, { path: '/prod/%zz' })).head.path).toBe('/prod/%zz');
  });

  it('is refused where its two paths are not one', () => {
    for (const path of ['/prod/openai/v1/models', '/other/model', '/prodmodel', `/prod/prod${PATH}`]) {
      expect(() => toRestRequest(rest({}, { path })), path).toThrow(EventError);
    }
  });

  it('takes one stage off and no more, and resolves no dots', () => {
    const tricks = ['/prod/model/x', '/..%2fmodel/x', '/%252e%252e/model', '//model/x', '/model/../openai'];
    for (const path of tricks) {
      expect(toRestRequest(rest({ path }, { path: `/prod${path}` })), path).toMatchObject({
        head: { path: `/prod${path}` },
        route: path,
      });
    }
  });

  it('has its query written again', () => {
    const multiValueQueryStringParameters = { 'a b': ['1&2', '/'], c: [''] };
    expect(toRestRequest(rest({ multiValueQueryStringParameters })).head.query).toBe('a%20b=1%262&a%20b=%2F&c=');
    const surrogate = { a: ['\ud800'] };
    expect(() => toRestRequest(rest({ multiValueQueryStringParameters: surrogate }))).toThrow(EventError);
  });

  it('tells whom the IAM authorizer has verified, if it has', () => {
    const identity = { sourceIp: null, userArn: 'arn:aws:sts::1:assumed-role/a/b', accountId: '1' };
    expect(toRestRequest(rest({}, { identity })).iam).toEqual({ userArn: identity.userArn, accountId: '1' });
    expect(toRestRequest(rest({}, { identity: { ...identity, accountId: null } })).iam).toBeUndefined();
  });

  it('has no length where it has no body, and keeps one that came', () => {
    const { head } = toRestRequest(rest({ body: null, isBase64Encoded: false, multiValueHeaders: null }));
    expect(head.headers).toEqual([]);
    const lengths = toRestRequest(rest({ multiValueHeaders: { 'Content-Length': ['9'] } })).head.headers;
    expect(lengths).toEqual([['content-length', '9']]);
  });
});

describe('an event of an HTTP API', () => {
  it('has its path escaped again as SDKs do it', () => {
    const { head, route } = toHttpRequest(http({ cookies: ['a=1', 'b=2'], body: '{}' }));
    expect(head).toMatchObject({ path: PATH, query: 'a=%2F', source: '10.0.0.9' });
    expect(head.headers).toContainEqual(['cookie', 'a=1; b=2']);
    expect(route).toBe(PATH);
  });

  it('has its stage in the path unless that is the default one', () => {
    const rawPath = '/prod/model/x/converse';
    expect(toHttpRequest(http({ rawPath }, 'prod')).route).toBe('/model/x/converse');
    expect(toHttpRequest(http({ rawPath })).route).toBe(rawPath);
    expect(toHttpRequest(http({ rawPath: '/llm/model/x' }), '/llm').route).toBe('/model/x');
    expect(() => toHttpRequest(http({ rawPath: '/\ud800' }))).toThrow(EventError);
  });
});

describe('an event of a load balancer', () => {
  it('keeps its escapes, and tells the last hop alone', () => {
    const { head, hasHeaderLists } = toAlbRequest(alb());
    expect(head).toMatchObject({ path: PATH, query: 'a=%2F', source: '10.0.0.9' });
    expect(hasHeaderLists).toBe(false);
    expect(toAlbRequest(alb({ headers: null })).head.source).toBe('');
  });

  it('may have lists', () => {
    const lists = { headers: undefined, multiValueHeaders: { host: ['h'], 'x-api-key': ['a', 'b'] } };
    const { head, hasHeaderLists } = toAlbRequest(
      alb({ ...lists, multiValueQueryStringParameters: { a: ['1', '2'] } }),
    );
    expect(hasHeaderLists).toBe(true);
    expect(head.headers.filter(([name]) => name === 'x-api-key')).toHaveLength(2);
    expect(head.query).toBe('a=1&a=2');
  });
});

describe('every front door', () => {
  const doors = { rest: toRestRequest, http: toHttpRequest, alb: toAlbRequest };
  const own = { rest: rest(), http: http(), alb: alb() };
  const events = {
    ...own,
    function: { version: '2.0', rawPath: '/' },
    sqs: { Records: [] },
    text: 'x',
    nothing: null,
    list: [],
  };

  it.each(Object.entries(doors))('refuses what is no event of its own: %s', (name, parse) => {
    for (const [other, event] of Object.entries(events)) {
      if (other !== name) expect(() => parse(event), other).toThrow(EventError);
    }
  });

  it.each(['a\r\nx-api-key: b', 'a\nb', 'a\0b', 'a\x7f'])('refuses a header value of %j', (value) => {
    expect(() => toRestRequest(rest({ multiValueHeaders: { a: [value] } }))).toThrow(EventError);
    expect(() => toHttpRequest(http({ headers: { a: value } }))).toThrow(EventError);
    expect(() => toAlbRequest(alb({ headers: { a: value } }))).toThrow(EventError);
  });

  it.each(['a b', '', 'a:b', 'a\r\nb'])('refuses a header called %j', (name) => {
    expect(() => toAlbRequest(alb({ headers: { [name]: 'a' } }))).toThrow(EventError);
  });
});

describe('the body of an event', () => {
  const reading = (text: string, isBase64: boolean, maxBytes = 100) => {
    try {
      return toBody({ text, isBase64 }, maxBytes).toString();
    } catch (error) {
      return error instanceof Error && 'code' in error ? error.code : error;
    }
  };

  it('is its text, or what its base64 says', () => {
    expect(reading('{"a":"ä"}', false)).toBe('{"a":"ä"}');
    expect(reading(Buffer.from('{"a":"ä"}').toString('base64'), true)).toBe('{"a":"ä"}');
  });

  it.each(['e30', 'e30==', 'e3 0=', 'e31=', '!!!!', '{}', 'e30=\n'])('is refused where it is no base64: %j', (text) => {
    expect(reading(text, true)).toBe('invalidRequest');
  });

  it('is refused where it is too large, before it is decoded', () => {
    expect(reading('a'.repeat(101), false)).toBe('payloadTooLarge');
    expect(reading('a'.repeat(136), true)).toBe('payloadTooLarge');
  });
});
