/** The modules of the bundle's functions, by the name they have at its root. */
export const entryModules: Readonly<Record<string, string>> = {
  lambda: 'dist/server/lambda.js',
  sequencer: 'dist/server/lambda/sequencer.js',
  steps: 'dist/server/lambda/steps.js',
};

/** The functions: module and export, as Lambda's handler setting names them. */
export const handlers: readonly string[] = [
  'lambda.handler',
  'sequencer.handler',
  ...['sanitise', 'guard', 'record', 'invoke', 'scan'].map((step) => `steps.${step}`),
];
