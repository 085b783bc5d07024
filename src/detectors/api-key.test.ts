import { describe, expect, it } from 'vitest';
import { keyPrefixes, secretLabels } from './api-key.data.ts';
import { apiKey } from './api-key.ts';
import { detectorSuite } from './detector.suite.ts';
import { scanText } from './scanner.ts';

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
    `⟦${join('hf', '_', 'aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgHi')}⟧`,
    `⟦${join('sk', '_live_', '4eC39HqLyjWDarjtT1')}⟧`,
    `⟦${join('sp', '_prod_', '0123456789abcdef_', RANDOM, 'abcdefghijk')}⟧`,
    'api_key = "⟦f3b1c0d9e8a7465f9b21⟧"',
    "'apiKey': '⟦f3b1c0d9e8a7465f9b21⟧'",
    'DB_PASSWORD=⟦hunter2horse⟧',
    'my password is ⟦hunter2horse⟧.',
    'client-secret := ⟦f3b1c0d9e8a7465f9b21⟧',
    '<password>⟦hunter2horse⟧</password>',
    'Passwort: ⟦hunter2horse⟧',
    'contraseña: ⟦hunter2horse⟧',
    'pаssword: ⟦hunter2horse⟧',
    'token: ⟦hunter\u200b2horse⟧',
  ],
  passes: [
    'password: correct horse',
    'password is required',
    'password = ********',
    'password: $DB_PASSWORD1',
    'password: {API_KEY}',
    'secret: process.env.SECRET1',
    'token = getToken2()',
    'max_tokens: 1024',
    'tokens: 128000000',
    'key: value12345',
    'password: aaaaaaa1',
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
    'password',
    'password:',
    'password = "a',
    'api key ',
    'token=',
    'is ',
    ':',
    'sp_a_',
  ],
});

describe('the table of prefixes', () => {
  it('has no prefix twice, and every one is found before a random body', () => {
    const prefixes = keyPrefixes.flatMap(([, , row]) => row.split(' '));
    expect(new Set(prefixes).size).toBe(prefixes.length);
    for (const prefix of prefixes) {
      const key = `${prefix}${RANDOM.repeat(4).toLowerCase()}`;
      expect(scanText([apiKey], `(${key})`)[0]?.start, prefix).toBe(1);
    }
  });
});

it('finds a value behind every label', () => {
  const labels = secretLabels.flatMap((label) => {
    const [, alternatives, rest = ''] = /^\(\?:(.*)\)(.*)$/.exec(label) ?? [];
    const all = alternatives === undefined ? [label] : alternatives.split('|').map((first) => first + rest);
    return all.map((one) => one.replace('s?', ''));
  });
  expect(labels.length).toBeGreaterThan(20);
  for (const label of labels) {
    expect(scanText([apiKey], `${label.toUpperCase()}: hunter2horse`), label).toHaveLength(1);
  }
});
