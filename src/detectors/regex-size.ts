const ESCAPE = /\\(?:[pPx]\{[^}]*\}|[\s\S]?)/y;
const CLASS = /\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]/y;
const REPEAT = /\{(\d+)(?:,(\d*))?\}/y;

/**
 * About how many steps a pattern comes to, from its text alone: the engine writes out what is repeated, and a short
 * pattern can take all memory before it says how large it is.
 */
export function estimateSteps(pattern: string): number {
  const open: number[] = [];
  let sum = 0;
  let last = 0;
  for (let at = 0; at < pattern.length; ) {
    const character = pattern.charAt(at);
    const repeat = matchAt(REPEAT, pattern, at);
    if (repeat !== null) {
      last *= Math.max(1, Number(repeat[1]), Number(repeat[2] ?? 0));
      at += repeat[0].length;
      continue;
    }
    if (character === '(') {
      open.push(sum + last);
      [sum, last] = [0, 1];
    } else if (character === ')') {
      [sum, last] = [open.pop() ?? 0, sum + last + 1];
    } else {
      [sum, last] = [sum + last, 1];
    }
    at += (matchAt(ESCAPE, pattern, at) ?? matchAt(CLASS, pattern, at))?.[0].length ?? 1;
  }
  return open.reduce((total, outer) => total + outer, sum + last);
}

function matchAt(expression: RegExp, text: string, at: number): RegExpExecArray | null {
  expression.lastIndex = at;
  return expression.exec(text);
}
