import type { Blocked } from './answer.ts';
import type { FindingType, Found } from './finding.ts';

/**
 * What is done about a finding. `mask` replaces it; `block` refuses the request, or ends the answer before it; `allow`
 * lets it pass and tells policies of it; `ignore` does not look for it.
 */
export type ContentAction = 'mask' | 'block' | 'allow' | 'ignore';

/** What is done about findings on one side of a model. */
export interface SidePolicy {
  /** The strictest that anybody who has a say wants done. */
  actionOf(found: Found & { readonly also?: readonly Found[] }): ContentAction;
  /** What callers are told where these block. */
  messageFor(by: readonly Found[]): string;
}

/** What is done about findings in requests and in answers. */
export interface ContentPolicy {
  readonly input: SidePolicy;
  readonly output: SidePolicy;
}

type Actions = Readonly<Partial<Record<FindingType, ContentAction>>>;

/** What is done about each type, whoever calls. A type that is not named is not looked for. */
export interface Inspection {
  readonly input: Actions;
  readonly output: Actions;
  readonly blockedInputMessage: string;
  readonly blockedOutputMessage: string;
}

/** A policy by types alone. */
export function toContentPolicy(inspection: Inspection): ContentPolicy {
  return {
    input: toSidePolicy(inspection.input, inspection.blockedInputMessage),
    output: toSidePolicy(inspection.output, inspection.blockedOutputMessage),
  };
}

function toSidePolicy(actions: Actions, message: string): SidePolicy {
  return {
    actionOf: ({ type, also = NONE }) => {
      const own = actions[type] ?? 'ignore';
      return also.length === 0 ? own : strictest([own, ...also.map((one) => actions[one.type] ?? 'ignore')]);
    },
    messageFor: () => message,
  };
}

/** What is told of a block: the types of what blocks, each once, and the message for it. */
export function toBlocked({ messageFor }: SidePolicy, by: readonly Found[]): Blocked {
  return { types: [...new Set(by.map(({ type }) => type))], message: messageFor(by) };
}

const NONE: readonly Found[] = [];

const STRICTNESS: Readonly<Record<ContentAction, number>> = { ignore: 0, allow: 1, mask: 2, block: 3 };

/** The strictest of some actions; `ignore` of none. */
export function strictest(actions: Iterable<ContentAction>): ContentAction {
  let most: ContentAction = 'ignore';
  for (const action of actions) if (STRICTNESS[action] > STRICTNESS[most]) most = action;
  return most;
}
