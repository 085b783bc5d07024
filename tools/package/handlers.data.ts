/** The functions of the bundle: file and export, as Lambda's handler setting names them. */
export const handlers: readonly string[] = [
  'dist/server/lambda.handler',
  'dist/server/lambda/sequencer.handler',
  ...['sanitise', 'guard', 'invoke', 'scan', 'record'].map((step) => `dist/server/lambda/steps.${step}`),
];
