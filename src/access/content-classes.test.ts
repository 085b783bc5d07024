import { policyToJson } from '@cedar-policy/cedar-wasm/nodejs';
import { describe, expect, it } from 'vitest';
import { unknownClasses } from './content-classes.ts';

function unknownIn(condition: string): readonly string[] {
  const answer = policyToJson(`forbid (principal, action, resource) when { ${condition} };`);
  if (answer.type === 'failure') throw new Error(answer.errors[0]?.message);
  return unknownClasses(answer.json);
}

describe('the finding types a policy names', () => {
  it('are found whichever way they are compared', () => {
    expect(unknownIn('context.found.contains("A")')).toEqual(['A']);
    expect(unknownIn('context["remaining"].contains("A")')).toEqual(['A']);
    expect(unknownIn('context.found.containsAny(["A", "EMAIL", "B"])')).toEqual(['A', 'B']);
    expect(unknownIn('context.remaining.containsAll(["A"]) || context.found.contains("A")')).toEqual(['A']);
    expect(unknownIn('["A"].containsAll(context.remaining)')).toEqual(['A']);
    expect(unknownIn('context.found == ["A"]')).toEqual(['A']);
    expect(unknownIn('context.found.contains(if principal.name == "x" then "A" else "EMAIL")')).toContain('A');
    expect(unknownIn('!(context has found && context.found.contains("A"))')).toEqual(['A']);
  });

  it('pass where they exist', () => {
    expect(unknownIn('context.found.containsAny(["EMAIL", "PROMPT_ATTACK"])')).toEqual([]);
    expect(unknownIn('context.found.isEmpty() || context.found == context.remaining')).toEqual([]);
  });

  it('are not looked for elsewhere', () => {
    expect(unknownIn('principal.roles.contains("A") && resource.id == "B" && context.other.contains("C")')).toEqual([]);
    expect(unknownIn('resource.found.contains("A") && [context.found, ["EMAIL"]].isEmpty() && 1 < 2')).toEqual([]);
  });
});
