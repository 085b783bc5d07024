import { type AnswerEvent, type Found, type Released, type SidePolicy, type Span, toBlocked } from '../core/index.ts';
import type { Settled } from './held-text.ts';

/** What of one answer has left and what leaves next. */
export interface AnswerOutlet {
  emit(events: readonly AnswerEvent[]): void;
  /** Takes what the text gave out; where it ends before a finding, so does the answer. */
  emitSettled(settled: Settled): void;
  note(findings: readonly Span[]): void;
  /** The answer ends here, before these. The first call decides. */
  block(by: readonly Found[]): void;
  readonly isBlocked: boolean;
  /** What was emitted since the last call; with the answer's last events, once, where it is blocked. */
  drain(usage: AnswerEvent | undefined): Released;
}

/** The policy's message is what the caller is told where the answer is blocked before anything of it has left. */
export function createAnswerOutlet(policy: SidePolicy): AnswerOutlet {
  let events: AnswerEvent[] = [];
  let findings: Span[] = [];
  let blocking: readonly Found[] | undefined;
  let open: number | undefined;
  let last = -1;
  let hasSpoken = false;

  function emit(released: readonly AnswerEvent[]): void {
    for (const event of released) {
      events.push(event);
      if (event.kind === 'delta') hasSpoken = true;
      else if (event.kind === 'blockStop') open = undefined;
      else if (event.kind === 'blockStart') {
        last = event.index;
        open = event.index;
        if (event.block.kind === 'toolUse') hasSpoken = true;
      }
    }
  }

  function cutOff(message: string, usage: AnswerEvent | undefined): void {
    if (!hasSpoken) {
      if (open === undefined) emit([{ kind: 'blockStart', index: last + 1, block: { kind: 'text' } }]);
      emit([{ kind: 'delta', index: last, text: message }]);
    }
    if (open !== undefined) emit([{ kind: 'blockStop', index: open }]);
    emit([{ kind: 'stop', reason: 'guardrail' }]);
    if (usage !== undefined) emit([usage]);
  }

  function block(by: readonly Found[]): void {
    blocking ??= by;
  }

  return {
    emit,
    block,
    emitSettled(settled) {
      emit(settled.events);
      for (const finding of settled.findings) findings.push(finding);
      if (settled.blocking !== undefined) block([settled.blocking]);
    },
    note(found) {
      for (const finding of found) findings.push(finding);
    },
    get isBlocked() {
      return blocking !== undefined;
    },
    drain(usage) {
      const blocked = blocking === undefined ? undefined : toBlocked(policy, blocking);
      if (blocked !== undefined) cutOff(blocked.message, usage);
      const released = { events, findings, ...(blocked === undefined ? {} : { blocked }) };
      events = [];
      findings = [];
      return released;
    },
  };
}
