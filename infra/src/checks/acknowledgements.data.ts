import type { Acknowledgement } from './acknowledgement.ts';
import { constructAcknowledgements } from './constructs.data.ts';
import { templateAcknowledgements } from './templates.data.ts';
import { wildcardAcknowledgements } from './wildcards.data.ts';

/** Findings on the app's own stacks that stand. */
export const acknowledgements: readonly Acknowledgement[] = [
  ...constructAcknowledgements,
  ...wildcardAcknowledgements,
  ...templateAcknowledgements,
];
