/** Shannon entropy of a text in bits per UTF-16 unit: 0 for one repeated character, at most 6 for base64. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charAt(at);
    counts.set(unit, (counts.get(unit) ?? 0) + 1);
  }
  let entropy = 0;
  for (const count of counts.values()) {
    const share = count / text.length;
    entropy -= share * Math.log2(share);
  }
  return entropy;
}

/** Bits a character in the body of a key. */
const LEAST_KEY_ENTROPY = 2.5;
const PLACEHOLDER = /x{6}|(?:example){2}/i;

/**
 * Whether a text may be the body of a key. Words joined by hyphens are as long as one, but hold no digit, and capitals
 * only where words begin.
 */
export function isRandomKey(body: string): boolean {
  const isMixed = /[0-9]/.test(body) || (/[a-z][A-Z]|[A-Z]{2}/.test(body) && !/[_-]/.test(body));
  return isMixed && isNoPlaceholder(body) && entropyOf(body) >= LEAST_KEY_ENTROPY;
}

/** Whether a text is not what stands for a key in documents. */
export function isNoPlaceholder(key: string): boolean {
  return !PLACEHOLDER.test(key);
}
