import { describe, expect, it } from 'vitest';
import { keyPrefixes, secretLabels } from './api-key.data.ts';
import { apiKey } from './api-key.ts';
import { detectorSuite } from './detector.suite.ts';
import { scanText } from './scanner.ts';
import { keyServices } from './service-keys.data.ts';

const RANDOM = 'f3b1C0d9E8a7465f9b21A6c4e0D7b8F5';
const join = (...pieces: readonly string[]) => pieces.join('');

detectorSuite(apiKey, {
  finds: [
    `⟦${join('sk-', 'ant-api03-', RANDOM)}⟧`,
    `use ⟦${join('sk-', 'proj-', RANDOM)}⟧.`,
    `⟦${join('gh', 'p_', RANDOM, 'abcd')}⟧ and ⟦${join('github', '_pat_', RANDOM)}⟧`,
    `x⟦${join('gh', 'p_', RANDOM, 'abcd')}⟧`,
    `⟦${join('xox', 'b-', '123456789012-abcdef')}⟧`,
    `?key=⟦${join('AI', 'za', RANDOM, 'abc')}⟧&x`,
    `⟦${join('hf', '_', 'aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH')}⟧`,
    `⟦${join('sk', '_live_', '4eC39HqLyjWDarjtT1')}⟧`,
    `⟦${join('sp', '_prod_', '0123456789abcdef_', RANDOM, 'abcdefghijk')}⟧`,
    'api_key = "⟦f3b1c0d9e8a7465f9b21⟧"',
    "'apiKey': '⟦f3b1c0d9e8a7465f9b21⟧'",
    'client-secret := ⟦f3b1c0d9e8a7465f9b21⟧',
    'DB_SECRET=⟦hunter2horse⟧',
    'the secret is ⟦hunter2horse⟧.',
    '<token>⟦hunter2horse⟧</token>',
    'sеcret: ⟦hunter2horse⟧',
    'token: ⟦hunter\u200b2horse⟧',
  ],
  passes: [
    'secret: correct horse',
    'a token is required',
    'secret = ********',
    'secret: $DB_SECRET1',
    'secret: {API_KEY}',
    'password: hunter2horse',
    'secret: process.env.SECRET1',
    'token = getToken2()',
    'max_tokens: 1024',
    'tokens: 128000000',
    'key: value12345',
    'secret: aaaaaaa1',
    'secret = /etc/secret/file1',
    'token: https://example.com/a1b2c3d4',
    'risk-management-and-something-else-entirely',
    'sk-learn-and-some-other-long-package-name',
    join('sk-', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaa1'),
    `data:image/png;base64,xAIza${RANDOM}abc`,
    'vipul-f0eb1acf0da84c06a50c5b2c59932001997786b1',
    'a.very.long.property.path.in.someProgram.or.other',
  ],
  hostile: [
    'sk-',
    'sk-a1',
    'xoxb-1',
    'a',
    'secret',
    'secret:',
    'secret = "a',
    'heroku_key = "a1',
    'kind: Secret\ndata:\n  a: ',
    'data:\n  a: bXlw',
    'Q~',
    '123456789012345|',
    'api key ',
    'token=',
    'is ',
    ':',
    'sp_a_',
  ],
});

describe('the table of prefixes', () => {
  it('has no prefix twice, and every one is found before a random body', () => {
    const prefixes = keyPrefixes.flatMap(([, length, row]) => row.split(' ').map((prefix) => ({ prefix, length })));
    expect(new Set(prefixes.map(({ prefix }) => prefix)).size).toBe(prefixes.length);
    for (const { prefix, length } of prefixes) {
      const random = RANDOM.repeat(4).toLowerCase();
      const exact = length.endsWith('-') ? undefined : Number(length);
      const key = `${prefix}${random.slice(0, exact)}`;
      expect(scanText([apiKey], `(${key})`), prefix).toMatchObject([{ start: 1 }]);
      if (exact !== undefined) expect(scanText([apiKey], `(${key}0)`), prefix).toEqual([]);
    }
  });
});

it('finds a value behind every label', () => {
  const labels = secretLabels.flatMap((label) => {
    const [, alternatives, rest = ''] = /^\(\?:(.*)\)(.*)$/.exec(label) ?? [];
    const all = alternatives === undefined ? [label] : alternatives.split('|').map((first) => first + rest);
    return all.map((one) => one.replace('s?', ''));
  });
  expect(labels.length).toBeGreaterThan(15);
  for (const label of labels) {
    expect(scanText([apiKey], `${label.toUpperCase()}: hunter2horse`), label).toHaveLength(1);
  }
});

describe('keys without a prefix', () => {
  it.each([
    ['Azure', `value="⟦${join('abc8', 'Q~', 'nVhlLi2vpg_nXBGqFsbGK-t~Hus1JmTa0y')}⟧"`],
    ['1Password', `⟦${join('A3', '-ASWWYB-798JRY-LJVD4-23DC2-86TVM-H43EB')}⟧`],
    ['Mailchimp', `KEY = "⟦${join('b5b9f8e50c640da28993e8b6a48e3e53', '-us18')}⟧"`],
    ['Facebook', `⟦${join('911602140448729', '|AY-lRJZq9BoDLobvAiP25L7RcMg')}⟧`],
    ['MaxMind', `⟦${join('a1B2c3_', 'a1B2c3d4E5f6a1B2c3d4E5f6a1B2c', '_mmk')}⟧`],
    ['Terraform', `⟦${join('a1B2c3d4E5f6a1', '.atlasv1.', RANDOM, RANDOM)}⟧`],
    ['Telegram', `⟦${join('123456789', ':AAE', RANDOM)}⟧.`],
    ['Slack', `https://⟦${join('hooks.slack', '.com/services/T0DCUJB1Q/B0DD08H5G/bJtrpFi1fO1JMCcwLx8uZyAg')}⟧`],
    ['Sourcegraph', `⟦${join('sgp', '_local_', RANDOM.toLowerCase(), '01234567')}⟧`],
    ['Sidekiq', `export BUNDLE_GEMS__CONTRIBSYS__COM="⟦${join('cafebabe', ':deadbeef')}⟧"`],
  ])('are known by their shape: %s', (_, marked) => {
    const text = marked.replace(/[⟦⟧]/g, '');
    const spans = scanText([apiKey], text);
    expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual([/⟦(.*)⟧/.exec(marked)?.[1]]);
  });

  it('are none where they stand for one', () => {
    expect(scanText([apiKey], 'A3-XXXXXX-XXXXXXXXXXX-XXXXX-XXXXX-XXXXX')).toEqual([]);
    expect(scanText([apiKey], 'bP88Q~xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')).toEqual([]);
  });

  it.each(keyServices)('are known by the name of their service: %s', (service) => {
    const written = service.replace('[_-]', '_');
    for (const name of [`${written.toUpperCase()}_KEY`, `${written}Login`, `"${written}.id"`]) {
      const text = `${name} = "12345678abcdefh1234567890abcdefh12345678"`;
      expect(scanText([apiKey], text), text).toMatchObject([{ start: text.indexOf('1') }]);
    }
    expect(scanText([apiKey], `${written} = "widgets-and-other-things-2"`)).toEqual([]);
  });

  it('are the values of a Kubernetes secret, on either side of its kind', () => {
    const data = 'data:\n  extra: YWRtaW46cGFzc3dvcmQ=';
    for (const text of [`kind: Secret\nmetadata:\n  name: a\n${data}\n`, `${data}\nkind: "Secret"\n`]) {
      expect(scanText([apiKey], text), text).toMatchObject([
        { start: text.indexOf('YWRt'), end: text.indexOf('=') + 1 },
      ]);
    }
    expect(scanText([apiKey], `kind: ConfigMap\n${data}\n`)).toEqual([]);
    expect(scanText([apiKey], 'kind: Secret\ndata:\n  path: secret/mysecret\n')).toEqual([]);
  });
});
