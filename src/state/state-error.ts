/** Why the key ring or the state cannot be opened, in a sentence fit for the operator. */
export class StateError extends Error {
  override readonly name = 'StateError';
}
