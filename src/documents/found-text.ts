import type { Budget } from './budget.ts';
import { isTyped } from './typed-value.ts';

/** Gathers what stands in a document apart from what a reader shows, each text once. */
export interface HiddenText {
  /** A text that someone may have written. */
  add(text: string): void;
  /** A value that is left out where only a program has use for it. */
  addValue(value: string): void;
  /** All of it, a line each; empty where there was nothing. */
  toText(): string;
}

export function createHiddenText(budget: Budget): HiddenText {
  const texts = new Set<string>();
  const add = (text: string) => {
    const trimmed = text.trim();
    if (trimmed === '' || texts.has(trimmed)) return;
    budget.write(trimmed.length);
    texts.add(trimmed);
  };
  return {
    add,
    addValue(value) {
      if (!isTyped(value)) add(value);
    },
    toText: () => [...texts].join('\n'),
  };
}
