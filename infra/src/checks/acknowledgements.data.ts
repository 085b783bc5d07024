import type { Acknowledgement } from './acknowledgement.ts';
import { constructAcknowledgements } from './constructs.data.ts';
import { deploymentAcknowledgements } from './deployment.data.ts';
import { doorAcknowledgements } from './doors.data.ts';
import { otherToolAcknowledgements } from './other-tools.data.ts';
import { templateAcknowledgements } from './templates.data.ts';
import { wildcardAcknowledgements } from './wildcards.data.ts';
import { workflowAcknowledgements } from './workflow.data.ts';

/** Findings on the app's own stacks that stand. */
export const acknowledgements: readonly Acknowledgement[] = [
  ...constructAcknowledgements,
  ...wildcardAcknowledgements,
  ...templateAcknowledgements,
  ...otherToolAcknowledgements,
  ...deploymentAcknowledgements,
  ...doorAcknowledgements,
  ...workflowAcknowledgements,
];
