/**
 * Keeps back the first half of a surrogate pair until its second half comes, so that no fragment holds half of a
 * character. JSON can write the half as an escape, but clients in languages whose strings are not UTF-16 then never
 * put the two together again.
 */
export interface WholeCharacters {
  /** The text that may go now: what was kept back and `text`, less a half character at the end. */
  push(text: string): string;
  /** What is still kept back. */
  flush(): string;
}

export function createWholeCharacters(): WholeCharacters {
  let kept = '';
  return {
    push(text) {
      const whole = kept === '' ? text : kept + text;
      if (!endsInHalf(whole)) {
        kept = '';
        return whole;
      }
      kept = whole.slice(-1);
      return whole.slice(0, -1);
    },
    flush() {
      const rest = kept;
      kept = '';
      return rest;
    },
  };
}

function endsInHalf(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}
