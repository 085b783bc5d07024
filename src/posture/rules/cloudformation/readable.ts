import type { Rule } from '../../rule.ts';

export const readable: Rule = {
  id: 'cloudformation-readable',
  title: 'The template is what will be deployed',
  severity: 'medium',
  standards: ['GENOPS04-BP01'],
  rationale: 'Macros, loops and nested stacks make resources that are not in the file: nothing can be said of them.',
  remediation: 'Examine the processed template, and those of nested stacks.',
  source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html',
  examine: ({ template: { unread, file } }) =>
    unread.map((message) => ({
      kind: 'unassessed',
      resource: { id: file, type: 'template', properties: {}, line: 1 },
      path: '',
      message,
    })),
};
