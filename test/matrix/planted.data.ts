/** Values that must not pass, and how a text tells of them: written so that no scanner takes them for leaked ones. */
export const secrets: Readonly<Record<string, string>> = {
  card: '4111 1111 1111 1111',
  'e-mail address': 'jane.doe@example.com',
  'AWS access key': ['AKIA', 'QYLPMN5HFIQR7XYA'].join(''),
};

/** Values of the same look that are nothing. */
export const harmless: Readonly<Record<string, string>> = {
  sentence: 'It is a fine day, and order 4711 has 12 parts.',
  'another script': 'Сегодня хорошая погода — 今天天气很好',
  commit: '16c7e42f292c6912e7710c838347ae178b4a16c7',
  'encoded sentence': Buffer.from('The quick brown fox jumps over the lazy dog').toString('base64'),
  escapes: 'caf\\u00e9 &amp; 100%25 \\n "x" {"a":1}',
  link: 'https://example.com/a%20b?q=1%2B1#x',
};

const each = (text: string, write: (character: string) => string) => Array.from(text, write).join('');
const hexOf = (character: string, length: number) => character.charCodeAt(0).toString(16).padStart(length, '0');
/** Cyrillic and full-width forms that look the same, or mean the same to a model. */
const LOOKALIKES: Readonly<Record<string, string>> = { a: 'а', e: 'е', o: 'о', A: 'А', K: 'К' };
const toLookalike = (character: string) =>
  LOOKALIKES[character] ??
  (/[0-9]/.test(character) ? String.fromCharCode(character.charCodeAt(0) + 0xfee0) : character);

/** A value in a text, or in several that follow one another. */
export interface Written {
  readonly texts: readonly string[];
  /** What stands for the value, where that is not the value itself. */
  readonly encoded?: string;
}

const around = (encoded: string, before = 'It is ', after = ' .'): Written => ({
  texts: [`${before}${encoded}${after}`],
  encoded,
});
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Ways to write a value. */
export const writings: Readonly<Record<string, (value: string) => Written>> = {
  plain: (value) => ({ texts: [`It is ${value}.`] }),
  alone: (value) => ({ texts: [value] }),
  'divided in the middle': (value) => ({ texts: [`It is ${value.slice(0, 9)}`, `${value.slice(9)}.`] }),
  'divided into three': (value) => ({ texts: [value.slice(0, 5), value.slice(5, 11), value.slice(11)] }),
  'zero-width characters': (value) => ({ texts: [`It is ${each(value, (character) => `${character}\u200b`)}.`] }),
  'a soft hyphen and a joiner': (value) => ({ texts: [`It is ${value.slice(0, 7)}\u00ad\u200d${value.slice(7)}.`] }),
  'look-alike letters': (value) => ({ texts: [`It is ${each(value, toLookalike)}.`] }),
  'escaped JSON': (value) =>
    around(
      each(value, (character) => `\\u${hexOf(character, 4)}`),
      '{"v":"',
      '"}',
    ),
  'one escape': (value) =>
    around(`${value.slice(0, 3)}\\u${hexOf(value.charAt(3), 4)}${value.slice(4)}`, '{"v":"', '"}'),
  base64: (value) => around(base64(`It is ${value}.`)),
  base64url: (value) => around(Buffer.from(value).toString('base64url')),
  'base64, divided': (value) => {
    const encoded = base64(value);
    return { texts: [encoded.slice(0, 10), encoded.slice(10)], encoded };
  },
  'base64 within base64': (value) => around(base64(base64(value))),
  hexadecimal: (value) => around(Buffer.from(value).toString('hex')),
  'percent-encoding': (value) =>
    around(
      each(value, (character) => `%${hexOf(character, 2)}`),
      'https://example.com/?v=',
      '&x=1',
    ),
  'character references': (value) =>
    around(
      each(value, (character) => `&#${character.charCodeAt(0)};`),
      '<p>',
      '</p>',
    ),
};

/** A value at the end of one text and the beginning of the next, where both mean something else together. */
export const besides = (value: string): Written => ({ texts: ['The answer is 4', value] });
