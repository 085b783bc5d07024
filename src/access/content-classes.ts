import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { findingTypes } from '../core/index.ts';

const known: ReadonlySet<string> = new Set(findingTypes);

/**
 * Names compared with `context.found` or `context.remaining` that no detector ever gives.
 *
 * A `forbid` with a mistyped class never applies, and nothing would ever tell: Cedar sees only a string.
 */
export function unknownClasses(policy: PolicyJson): readonly string[] {
  const unknown = new Set<string>();
  visit(policy.conditions, (node) => {
    const operands = Object.values(node);
    if (!operands.some(isContentAttribute)) return;
    visit(operands, ({ Value: value }) => {
      for (const name of [value].flat()) if (typeof name === 'string' && !known.has(name)) unknown.add(name);
    });
  });
  return [...unknown];
}

type Node = Readonly<Record<string, unknown>>;

function visit(value: unknown, enter: (node: Node) => void): void {
  if (!isNode(value)) return;
  enter(value);
  for (const child of Object.values(value)) visit(child, enter);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

/** Whether an expression is `context.found` or `context.remaining`. */
function isContentAttribute(value: unknown): boolean {
  if (!isNode(value) || !isNode(value['.'])) return false;
  const { left, attr } = value['.'];
  return isNode(left) && left.Var === 'context' && (attr === 'found' || attr === 'remaining');
}
