import { boundedPattern } from './bounded-pattern.ts';
import type { Rule } from './detector.ts';
import { isNoPlaceholder } from './entropy.ts';
import { keyShapes } from './key-shapes.data.ts';
import { type First, type Locate, patternRule } from './pattern-rule.ts';

/** Keys by their shape: each is looked for around a text that it must hold, which most texts do not. */
export const shapedKeys: readonly Rule[] = keyShapes.map(([mark, before, pattern]) =>
  patternRule({ ...boundedPattern(pattern), first: around(mark, before), locate: locateKey }),
);

function locateKey({ 0: key, index }: RegExpExecArray): ReturnType<Locate> {
  return isNoPlaceholder(key) ? { start: index, end: index + key.length } : undefined;
}

function around(mark: string, before: number): First {
  return (text, from) => {
    const at = text.indexOf(mark, from);
    return at === -1 ? text.length : Math.max(from, at - before);
  };
}
