import type { Command } from 'commander';
import { type AnswerEvent, type JournalRecord, type Part, parseRequestId } from '../core/index.ts';
import { openAdministration } from '../server/index.ts';
import { CommandError } from './command-error.ts';
import { type Terminal, toJson } from './output.ts';
import { type SetupArguments, toSetupOptions, withSetupOptions } from './setup-options.ts';

export function addAuditCommands(program: Command, terminal: Terminal): void {
  const audit = program.command('audit').description('Read the record.');
  withSetupOptions(audit.command('show'))
    .description('Show the record of one exchange, decrypted. Exits 1 if there is none.')
    .argument('<request-id>', 'the value of x-sallyport-request-id')
    .option('--json', 'print the records as JSON')
    .addHelpText('after', '\nExample:\n  sallyport audit show 019ab2c4-7d00-7a5c-9f1e-2f6f0f7c9a11')
    .action(async (id: string, given: SetupArguments & { readonly json?: boolean }) => {
      const requestId = parseRequestId(id.toLowerCase());
      await using administration = await openAdministration(toSetupOptions(given));
      const records = await administration.journal.find(requestId);
      if (records.length === 0) throw new CommandError(1, 'no record of this request');
      terminal.out(given.json ? toJson(records) : records.map(describe).join('\n'));
    });
}

/** A record in words. It holds content: this is the one place where it is shown, to who holds the key ring. */
function describe(record: JournalRecord): string {
  const time = new Date(record.time).toISOString();
  switch (record.kind) {
    case 'request': {
      const { caller, stages, findingCounts } = record;
      return [
        `${time}  request  ${record.requestId}`,
        `  caller    ${caller.tenant}/${caller.principal} with ${caller.credentialKind} ${caller.credentialId}`,
        `  call      ${record.protocol} ${record.operation} on ${record.model} (${record.provider})`,
        `  stages    ${stages.map(({ stage, decision }) => `${stage}: ${decision}`).join(', ')}`,
        `  findings  ${counts(findingCounts)}`,
        ...describeParts('original', record.original),
        ...describeParts('sent', record.rewritten ?? []),
      ].join('\n');
    }
    case 'release':
      return [`${time}  release ${record.sequence}`, ...describeText(record.events)].join('\n');
    case 'response':
      return [
        `${time}  response  ${record.status}${record.code === undefined ? '' : ` (${record.code})`}`,
        ...(record.usage === undefined
          ? []
          : [`  tokens    ${record.usage.inputTokens} in, ${record.usage.outputTokens} out`]),
        `  findings  ${counts(record.findingCounts)}`,
        ...describeText(record.released ?? []),
      ].join('\n');
    default: {
      const { reason, approver } = record;
      return [
        `${time}  ${record.kind}  ${record.requestId}`,
        `  operator  ${quote(record.operator)}${approver === undefined ? '' : `, approved by ${quote(approver)}`}`,
        `  act       ${record.act}${reason === undefined ? '' : `, because ${quote(reason)}`}`,
        ...Object.entries(record.details).map(([name, value]) => `  ${name.padEnd(9)} ${quote(String(value))}`),
      ].join('\n');
    }
  }
}

function describeParts(label: string, parts: readonly Part[]): readonly string[] {
  return parts.map(({ path, text }) => `  ${label.padEnd(9)} ${quote(path).slice(1, -1)}: ${quote(text)}`);
}

function describeText(released: readonly AnswerEvent[]): readonly string[] {
  return released.flatMap((event) => (event.kind === 'delta' ? [`  text      ${quote(event.text)}`] : []));
}

function counts(found: Readonly<Record<string, number | undefined>>): string {
  const entries = Object.entries(found);
  return entries.length === 0 ? 'none' : entries.map(([type, count]) => `${type} ${count}`).join(', ');
}

/** Content as a JSON string, so that control characters in it cannot steer the terminal. */
function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
