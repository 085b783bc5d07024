import { hash } from 'node:crypto';

/**
 * SHA-256 of a policy, hexadecimal: of its JSON with the members of every object in order, so that neither white space
 * nor the form of the file counts.
 */
export function policyHash(policy: unknown): string {
  return hash('sha256', canonical(policy));
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}
