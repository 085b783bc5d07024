export const tools = ['cdk-nag', 'control-tower', 'cfn-lint', 'checkov', 'sallyport'] as const;

export type Tool = (typeof tools)[number];

/** What a tool finds wrong with one resource of one stack. */
export interface Finding {
  readonly tool: Tool;
  /** The tool's own name of the rule: `AwsSolutions-S1`, `CT.S3.PR.3`, `W3005`, `CKV_AWS_18`. */
  readonly rule: string;
  readonly stack: string;
  /** Logical id in the template; empty for the template itself. */
  readonly resource: string;
  readonly message: string;
}

/** A tool did not do its work: what it would have found is not known, and nothing passes. */
export class CheckError extends Error {
  override readonly name = 'CheckError';
}

/** `Sallyport-prod-network` of `…/Sallyport-prod-network.template.json`. */
export function stackOf(file: string): string {
  return file.replace(/^.*[/\\]/, '').replace(/\.template\.json$/, '');
}

/** A finding as one line. */
export function toLine({ tool, rule, stack, resource, message }: Finding): string {
  return `${stack}: ${resource === '' ? 'the template' : resource}: ${tool} ${rule}: ${message.replace(/\s+/g, ' ').trim()}`;
}
