import {
  type ContentPolicy,
  type Finding,
  type Part,
  readJsonString,
  type SidePolicy,
  type Stage,
  toBlocked,
} from '../core/index.ts';

const TIMEOUT_MS = 1_000;

/**
 * Refuses a request on what was found in it: types the input policy blocks, and types it masks in places that cannot
 * be rewritten, which are identifiers and JSON numbers.
 */
export function guardInputStage(policy: ContentPolicy): Stage {
  return {
    name: 'guard',
    timeoutMs: TIMEOUT_MS,
    run({ parts, findings }) {
      const by = [...Map.groupBy(findings, ({ part }) => part)].flatMap(([index, ofPart]) =>
        refused(parts[index], ofPart, policy.input),
      );
      return by.length === 0 ? { kind: 'pass' } : { kind: 'block', blocked: toBlocked(policy.input, by) };
    },
  };
}

function refused(part: Part | undefined, findings: readonly Finding[], { actionOf }: SidePolicy): readonly Finding[] {
  const masked = findings.filter((finding) => actionOf(finding) === 'mask');
  const blocked = findings.filter((finding) => actionOf(finding) === 'block');
  return [...blocked, ...unmaskable(part, masked)];
}

/** Those of the findings that cannot be masked where they stand. What is sealed need not be: see `PartKind`. */
function unmaskable(part: Part | undefined, findings: readonly Finding[]): readonly Finding[] {
  switch (part?.kind) {
    case 'text':
    case 'sealed':
      return [];
    case 'json':
      return outsideStrings(part.text, findings);
    default:
      return findings;
  }
}

/** Those of the findings, which ascend, that do not begin inside a string literal. One pass over the JSON. */
function outsideStrings(json: string, findings: readonly Finding[]): readonly Finding[] {
  let open = json.indexOf('"');
  let end = open === -1 ? 0 : readJsonString(json, open).end;
  return findings.filter(({ start }) => {
    while (open !== -1 && end <= start) {
      open = json.indexOf('"', end);
      if (open !== -1) end = readJsonString(json, open).end;
    }
    return open === -1 || start <= open;
  });
}
