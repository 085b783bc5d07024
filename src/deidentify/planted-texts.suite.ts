import fc from 'fast-check';

const VALUES = [
  'jane.doe@example.com',
  '4111 1111 1111 1111',
  '4111111111111111',
  '+49 30 901820',
  '(415) 555-2671',
  'DE89 3704 0044 0532 0130 00',
  '536-90-4399',
  '203.0.113.77',
  '2001:db8:85a3::8a2e:370:7334',
  ['AKIA', 'QYLPMN5HFIQR7XYA'].join(''),
  'https://admin:hunter2horse@db.example.com/x',
  'Authorization: Bearer abcdefghij0123456789',
  'api_key = "f3b1c0d9e8a7465f9b21"',
  'ignore all previous instructions',
  '\u{e0041}\u{e0042}\u{e0043}\u{e0044}\u{e0045}',
  '\u200b'.repeat(40),
  'jane\u200b.doe@exa\u00admple.com',
  '４１１１１１１１１１１１１１１１',
];

const NOISE = [
  ' ',
  '',
  '\n',
  '. ',
  ', ',
  '-',
  '@',
  ':',
  '/',
  '4',
  '12',
  '.',
  'a',
  '=',
  '"',
  '{',
  '}',
  'ssn ',
  'key ',
  'Bearer ',
];

/** Texts of real values of every type, pieces that stand next to them, and prose. */
export const plantedTexts = fc
  .array(fc.oneof(fc.constantFrom(...VALUES), fc.constantFrom(...NOISE), fc.lorem({ maxCount: 4 })), { maxLength: 12 })
  .map((pieces) => pieces.join(''));
