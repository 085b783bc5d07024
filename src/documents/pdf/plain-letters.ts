import { latin1 } from './parser.ts';

const NUMBER = '(?<![0-9.])([-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+))(?=[\\0\\t\\n\\f\\r ]{1,9}';
/** Strings are passed over: what stands in them is text, not an operator. */
const SIZES = new RegExp(`\\((?:\\\\[\\s\\S]|[^\\\\()])*\\)|${NUMBER}Tf)|${NUMBER}Tc)`, 'g');
/** In ems: from here on the library takes the letters of a spaced word for words. */
const WIDE = 0.08;

/**
 * A drawing with every size of a font that is zero made one, and no wide spacing between letters: the library takes such
 * letters for words of their own, and a value in them would be found by nobody.
 */
export function withPlainLetters(content: Uint8Array): Uint8Array {
  const text = latin1(content);
  let size = 1;
  let isChanged = false;
  const changed = text.replace(SIZES, (operand: string, fontSize?: string, spacing?: string) => {
    if (fontSize !== undefined) size = Math.abs(Number(fontSize)) || 1;
    const isWide = spacing !== undefined && Math.abs(Number(spacing)) > WIDE * size;
    if (!isWide && !(fontSize !== undefined && Number(fontSize) === 0)) return operand;
    isChanged = true;
    return isWide ? '0' : '1';
  });
  return isChanged ? Buffer.from(changed, 'latin1') : content;
}
