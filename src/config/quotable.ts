import { nearest } from './nearest.ts';
import { secretKind } from './secret-patterns.ts';

/**
 * A text from the configuration as it may stand in a message: itself where it is a short plain name that does
 * not look like a secret.
 */
export function quote(text: string): string {
  return /^[A-Za-z0-9_][A-Za-z0-9_.:/-]{0,79}$/.test(text) && secretKind(text) === undefined ? `\`${text}\`` : '`…`';
}

/** `; did you mean …`, where one of the candidates is near. */
export function proposal(text: string, candidates: readonly string[]): string {
  const meant = nearest(text, candidates);
  return meant === undefined ? '' : `; did you mean \`${meant}\`?`;
}
