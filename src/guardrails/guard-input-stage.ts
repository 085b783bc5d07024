import {
  type ContentPolicy,
  type Finding,
  type FindingType,
  type Part,
  readJsonString,
  type Stage,
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
      const types = new Set<FindingType>();
      for (const [index, ofPart] of Map.groupBy(findings, ({ part }) => part)) {
        const part = parts[index];
        for (const type of refused(part, ofPart, policy)) types.add(type);
      }
      if (types.size === 0) return { kind: 'pass' };
      return { kind: 'block', blocked: { types: [...types], message: policy.blockedInputMessage } };
    },
  };
}

function refused(
  part: Part | undefined,
  findings: readonly Finding[],
  { input }: ContentPolicy,
): readonly FindingType[] {
  const masked = findings.filter(({ type }) => input[type] === 'mask');
  const blocked = findings.filter(({ type }) => input[type] === 'block');
  return [...blocked, ...unmaskable(part, masked)].map(({ type }) => type);
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
