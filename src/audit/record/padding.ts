const SMALLEST = 512;

/**
 * The length a record of `length` bytes is padded to before it is encrypted: at least 512, then Padmé (Nikitin et al.,
 * "Reducing Metadata Leakage from Encrypted Files", PETS 2019).
 *
 * A ciphertext is as long as its plaintext, so that exact lengths would tell short answers apart, "yes" from "no"
 * among them. Padmé leaves O(log log length) bits to learn and costs at most 12 %.
 */
export function paddedLength(length: number): number {
  if (length <= SMALLEST) return SMALLEST;
  const exponent = Math.floor(Math.log2(length));
  const kept = Math.floor(Math.log2(exponent)) + 1;
  const step = 2 ** (exponent - kept);
  return Math.ceil(length / step) * step;
}
