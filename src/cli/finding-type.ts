import { InvalidArgumentError } from 'commander';
import { type FindingType, findingTypes } from '../core/index.ts';

/** A type of finding. Throws an `InvalidArgumentError` that names those there are. */
export function parseFindingType(text: string): FindingType {
  const type = findingTypes.find((known) => known === text.trim());
  if (type === undefined) throw new InvalidArgumentError(`must be among ${findingTypes.join(', ')}.`);
  return type;
}
