/** One thing wrong with a configuration, at an offset (UTF-16 units) of its text. */
export interface Problem {
  readonly offset: number;
  readonly text: string;
}

/** A configuration that cannot be used. Lists every problem, one a line, as `path:line:column: what is wrong`. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: { readonly cause: unknown }) {
    super(problems.join('\n'), options);
    this.problems = problems;
  }
}

const MAX_LISTED = 20;

/** The error for problems of one text, in reading order. Lines and columns count from 1. */
export function toConfigError(path: string, text: string, problems: readonly Problem[]): ConfigError {
  const ordered = [...problems].sort((a, b) => a.offset - b.offset);
  const listed = ordered.slice(0, MAX_LISTED).map(({ offset, text: what }) => {
    return `${path}:${positionOf(text, offset)}: ${what}`;
  });
  const rest = ordered.length - listed.length;
  return new ConfigError([...new Set(listed), ...(rest === 0 ? [] : [`${path}: and ${rest} more`])]);
}

function positionOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  return `${before.split(/\r\n|\n|\r/).length}:${offset - Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r'))}`;
}
