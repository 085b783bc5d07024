import type { FindingType } from './finding.ts';

/** What is done about a finding. `mask` replaces it; `block` refuses the request, or ends the answer before it. */
export type ContentAction = 'mask' | 'block' | 'allow';

/** What is done about each type of finding, on the way in and on the way out. */
export interface ContentPolicy {
  readonly input: Readonly<Record<FindingType, ContentAction>>;
  readonly output: Readonly<Record<FindingType, ContentAction>>;
  readonly blockedInputMessage: string;
  readonly blockedOutputMessage: string;
}
