import { type ContentAction, type ContentPolicy, type Found, type SidePolicy, strictest } from '../../core/index.ts';
import type { Guardrail, GuardrailAction, GuardrailSide } from './guardrail.ts';

const ACTIONS: Readonly<Record<GuardrailAction, ContentAction>> = { BLOCK: 'block', ANONYMIZE: 'mask', NONE: 'allow' };

/**
 * What is done where several have a say: the strictest that any of them wants.
 *
 * INVARIANT: with one more guardrail no action is less strict, so whoever may only add one can loosen nothing.
 */
export function toLayeredPolicy(base: ContentPolicy, guardrails: readonly Guardrail[]): ContentPolicy {
  if (guardrails.length === 0) return base;
  return {
    input: toLayeredSide(
      base.input,
      guardrails.map(({ input }) => input),
    ),
    output: toLayeredSide(
      base.output,
      guardrails.map(({ output }) => output),
    ),
  };
}

function toLayeredSide(base: SidePolicy, sides: readonly GuardrailSide[]): SidePolicy {
  const actionOfOne = (found: Found) => {
    let action = base.actionOf(found);
    for (const side of sides) {
      const own = side.actionOn(found);
      if (own !== undefined) action = strictest([action, ACTIONS[own]]);
    }
    return action;
  };
  return {
    actionOf: ({ also, ...found }) =>
      also === undefined ? actionOfOne(found) : strictest([found, ...also].map(actionOfOne)),
    messageFor(by) {
      const all = by.flatMap(({ also = [], ...found }: Found & { readonly also?: readonly Found[] }) => [
        found,
        ...also,
      ]);
      const acting = (wanted: GuardrailAction) =>
        sides.find((side) => all.some((found) => side.actionOn(found) === wanted));
      // What cannot be masked blocks, too.
      return (acting('BLOCK') ?? acting('ANONYMIZE'))?.message ?? base.messageFor(by);
    },
  };
}
