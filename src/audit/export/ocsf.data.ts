import type { Action, ResponseRecord } from '../../core/index.ts';

/** Attributes of the outcome. `unanswered` is an exchange without a response record: it is under way. */
export const outcomes = {
  complete: { status_id: 1, status: 'Success', severity_id: 1 },
  blocked: { status_id: 2, status: 'Failure', severity_id: 3 },
  interrupted: { status_id: 2, status: 'Failure', severity_id: 2 },
  failed: { status_id: 2, status: 'Failure', severity_id: 2 },
  unanswered: { status_id: 0, status: 'Unknown', severity_id: 1 },
} as const satisfies Record<ResponseRecord['status'] | 'unanswered', object>;

/** Captions of `severity_id`. */
export const severities = { 1: 'Informational', 2: 'Low', 3: 'Medium' } as const;

/** The kinds of activity in the schema are those done to stored things; of what is done here it knows reading. */
export const activities = {
  InvokeModel: { id: 99, name: 'InvokeModel', caption: 'Other' },
  InvokeModelWithResponseStream: { id: 99, name: 'InvokeModelWithResponseStream', caption: 'Other' },
  CountTokens: { id: 2, name: 'Read', caption: 'Read' },
  ListModels: { id: 2, name: 'Read', caption: 'Read' },
  SendUninspectedMedia: { id: 99, name: 'SendUninspectedMedia', caption: 'Other' },
  SendUninspectedReference: { id: 99, name: 'SendUninspectedReference', caption: 'Other' },
  ApplyGuardrail: { id: 99, name: 'ApplyGuardrail', caption: 'Other' },
  InvokeGuardrailChecks: { id: 99, name: 'InvokeGuardrailChecks', caption: 'Other' },
  ReadExactAssessment: { id: 2, name: 'Read', caption: 'Read' },
} as const satisfies Record<Action, object>;
