import { createHash } from 'node:crypto';
import { GatewayError } from '../../core/index.ts';

const DIMENSIONS: readonly number[] = [256, 512, 1024];
const DEFAULT_DIMENSIONS = 1024;

interface Shape {
  readonly dimensions?: number;
  readonly normalize?: boolean;
}

/**
 * A vector that depends on the text alone: components from SHAKE256 of it, as 32-bit floats. Of unit length unless
 * `normalize` is false. Throws `upstreamInvalid` for dimensions other than 256, 512 and 1024, those of Amazon Titan
 * Text Embeddings V2.
 */
export function toVector(
  text: string,
  { dimensions = DEFAULT_DIMENSIONS, normalize = true }: Shape,
): readonly number[] {
  if (!DIMENSIONS.includes(dimensions)) throw new GatewayError('upstreamInvalid');
  const bytes = createHash('shake256', { outputLength: dimensions * 2 })
    .update(text)
    .digest();
  const components = Array.from({ length: dimensions }, (_, index) => bytes.readInt16LE(index * 2) / 2 ** 15);
  const length = normalize ? Math.hypot(...components) : 1;
  return components.map((component) => Math.fround(component / length));
}
