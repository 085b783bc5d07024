import { bearerToken } from './bearer-token.ts';
import { detectorSuite } from './detector.suite.ts';

const JWT = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', 'dozjgNryP4J3jVmNHl0w5N_XgL0n3I9Pl'].join('.');

detectorSuite(bearerToken, {
  finds: [
    'Authorization: Bearer ⟦abcdefghij0123456789⟧',
    "-H 'authorization: bearer ⟦mF_9.B5f-4.1JqM000abc⟧'",
    'BEARER\n⟦AbCdEf123456+/zZ==⟧.'.replace('==⟧.', '==⟧,'),
    '"Authorization": "Basic ⟦YWxhZGRpbjpvcGVuc2VzYW1l⟧"'.replace('c2VzYW1l', 'c2VzYW1lMDE5'),
    'bearer ⟦AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGh⟧',
    "-H 'Authorization: ⟦5eb4223e-5008-46e5-be67-c7b8f2732305⟧'",
    'Authorization: Api-Token ⟦22cb987851bc5659229114c62e60c79a⟧',
    'authorization: basic ⟦YnJvd3Nlcjo=⟧ x',
    `⟦${JWT}⟧`,
    `token=⟦${JWT}⟧&x=1`,
    `⟦${JWT.slice(0, JWT.lastIndexOf('.') + 1)}⟧`,
    `⟦${JWT.slice(0, 30)}\u2060${JWT.slice(30)}⟧`,
  ],
  passes: [
    'the bearer of this letter',
    'bearer authentication-mechanism',
    'Bearer {token}',
    'Bearer $TOKEN',
    'Bearer abc123',
    'Authorization: {BEARER_TOKEN}',
    'authorization: required-everywhere',
    'Authorization is a1b2c3d4e5f6a7b8',
    'forbearer abcdefghij0123456789',
    'bearer aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1',
    'basic abcdefghij0123456789',
    'eyJhbGciOiJIUzI1NiJ9',
    'eyJhbGciOiJIUzI1NiJ9.eyJz.x',
    `x${JWT.slice(0, 20)}`,
  ],
  hostile: ['Bearer ', 'bearer', 'eyJ', 'eyJ.', 'eyJabcdefghijk.', 'eyJabcdefghijk.eyJ', 'a', 'authorization: basic '],
});
