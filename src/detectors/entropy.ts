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
