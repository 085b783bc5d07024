import { OTHER } from './character-class.ts';
import type { Detector, Rule } from './detector.ts';
import { unfinishedMatch } from './pattern-rule.ts';

/** Invisible code points in a row that no script and no emoji needs. */
const SHORTEST_RUN = 8;

/**
 * A regional flag, which is a black flag, up to six tag characters and the end tag (UTS #51); else, any run of what
 * is invisible. A run of more than 1,024 is several, so that nothing is held without bound.
 */
const RUN =
  /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{1,6}\u{e007f}|[\p{Default_Ignorable_Code_Point}\p{Cf}]{1,1024}/gu;
const unfinished = unfinishedMatch(
  /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{0,6}$|[\p{Default_Ignorable_Code_Point}\p{Cf}]{1,1023}$/gu,
  2 * 1024,
);
const FLAG = '\u{1f3f4}';
const TAG = /[\u{e0000}-\u{e007f}]/u;
const TAG_BASE = 0xe0000;

/** A rule about runs of invisible code points: says whose finding a run is, if anyone's. */
function invisibleRule(judge: (run: string) => Detector | undefined): Rule {
  return {
    reads: 'raw',
    scan({ text, classes, isEnd }, from, report) {
      if ((classes & OTHER) === 0) return text.length;
      let pending = isEnd ? text.length : unfinished(text, from);
      RUN.lastIndex = from;
      for (let match = RUN.exec(text); match !== null && match.index < pending; match = RUN.exec(text)) {
        const [run] = match;
        const end = match.index + run.length;
        const detector = run.startsWith(FLAG) ? undefined : judge(run);
        if (detector !== undefined) report(match.index, end, detector);
        if (pending < end) pending = unfinished(text, end);
        RUN.lastIndex = end;
      }
      return pending;
    },
  };
}

/**
 * Text that is there for a model and not for a reader: tag characters (U+E0000 to U+E007F) outside the flags of
 * regions, and long runs of zero-width characters, variation selectors and directional controls.
 */
export const hiddenText: Detector = {
  name: 'hiddenText',
  type: 'HIDDEN_TEXT',
  rules: [invisibleRule((run) => (TAG.test(run) || isLong(run) ? hiddenText : undefined))],
};

function isLong(run: string): boolean {
  return run.length >= SHORTEST_RUN && [...run].length >= SHORTEST_RUN;
}

/**
 * Reads what is written in tag characters as if it could be seen: a run of them is a finding of the detector that
 * `inspect` names for the decoded text.
 */
export function tagRule(inspect: (text: string) => Detector | undefined): Rule {
  return invisibleRule((run) => (TAG.test(run) ? inspect(decodeTags(run)) : undefined));
}

/** Tag characters mirror ASCII (The Unicode Standard, section 23.9). */
function decodeTags(run: string): string {
  let text = '';
  for (const character of run) {
    const code = (character.codePointAt(0) ?? 0) - TAG_BASE;
    if (code >= 0x20 && code < 0x7f) text += String.fromCharCode(code);
  }
  return text;
}
