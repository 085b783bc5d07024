/** The functions of the bundle: file and export, as Lambda's handler setting names them. */
export const handlers: readonly string[] = [
  'server/lambda.handler',
  'server/lambda/sequencer.handler',
  ...['sanitise', 'guard', 'record', 'invoke', 'scan'].map((step) => `server/lambda/steps.${step}`),
];
