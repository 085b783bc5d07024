import { describe, expect, it } from 'vitest';
import { ASSIGNED, cue, JOINED, SAID, wordedValue } from './cue.ts';

const digits = '([0-9]{3,9})(?![0-9])';

describe('a cue', () => {
  it('begins with the letters of its words, each way of them once', () => {
    expect(cue({ words: 'pin(?: code)?|(?:my )?pass ?port', link: JOINED, value: digits }).beginnings).toEqual([
      'my',
      'pass',
      'pin',
    ]);
    expect(cue({ words: "i'm|(?<=i )am", link: ' ', value: digits }).beginnings).toEqual(['am', "i'm"]);
    expect(wordedValue({ words: 'https?://', value: '[a-z]{1,9}' }).beginnings).toEqual(['http']);
  });

  it('begins with a letter', () => {
    expect(() => cue({ words: '[0-9]x', link: '', value: digits })).toThrow(SyntaxError);
    expect(() => cue({ words: '(?:pin)?', link: '', value: digits })).toThrow(SyntaxError);
  });

  it('ends with its value', () => {
    expect(() => cue({ words: 'pin', link: '', value: `${digits}x?` })).toThrow(SyntaxError);
    expect(() => cue({ words: 'pin', link: '', value: '[0-9]' })).toThrow(SyntaxError);
  });

  const valueBehind = (link: string, text: string) =>
    cue({ words: 'pin (?:no|code)?', link, value: digits }).pattern().matchAt(text, 0)?.[1];

  it.each(['pin 123', 'PIN: 123', 'pin_code = "123', 'pinCode":"123', 'pin is: 123', 'pin => 123', 'pin no#123'])(
    'is joined to its value by signs and spaces: %s',
    (text) => expect(valueBehind(JOINED, text)).toBe('123'),
  );

  it('needs more than spaces where a value is assigned', () => {
    expect(valueBehind(ASSIGNED, 'pin code 123')).toBeUndefined();
    expect(valueBehind(ASSIGNED, 'pin code: 123')).toBe('123');
    expect(valueBehind(ASSIGNED, 'pin" : "123')).toBe('123');
  });

  it('is said in the same sentence, with no figure and no tag between', () => {
    expect(valueBehind(SAID, 'pin code that I was given is 123')).toBe('123');
    expect(valueBehind(SAID, 'pin code\n123')).toBe('123');
    expect(valueBehind(SAID, 'pin no. 123')).toBe('123');
    expect(valueBehind(SAID, 'pin code is lost. 123')).toBeUndefined();
    expect(valueBehind(SAID, 'pin of 2 is 123')).toBeUndefined();
    expect(valueBehind(SAID, 'pin {PIN} 123')).toBeUndefined();
    expect(valueBehind(SAID, 'pin a123')).toBeUndefined();
    expect(valueBehind(SAID, `pin ${'a'.repeat(40)} 123`)).toBeUndefined();
  });
});
