import type { Command } from 'commander';
import type { Subject } from '../../audit/index.ts';
import { proposal } from '../../config/index.ts';
import { parsePrincipalId, parseTenantId } from '../../core/index.ts';
import type { Administration } from '../../server/index.ts';
import { CommandError } from '../command-error.ts';
import type { SetupArguments } from '../setup-options.ts';
import type { OperatorArguments } from './operator.ts';

/** What commander gives for the options below, beside those that such commands have all. */
export interface SubjectArguments extends SetupArguments, OperatorArguments {
  readonly tenant: string;
  readonly principal?: string;
  readonly subject?: string;
}

/** Adds whose records something is done to. */
export function withSubjectOptions(command: Command): Command {
  return command
    .requiredOption('-t, --tenant <name>', 'the tenant')
    .option('-p, --principal <name>', 'this principal of it alone (default: all of the tenant)')
    .option('-s, --subject <name>', 'the same');
}

/** Throws a `CommandError` where two principals are given, and a `GatewayError` where a name is none. */
export function toSubject({ tenant, principal, subject = principal }: SubjectArguments): Subject {
  if (principal !== undefined && subject !== principal) {
    throw new CommandError(2, '--principal and --subject are the same: give one of them');
  }
  return {
    tenant: parseTenantId(tenant),
    ...(subject === undefined ? {} : { subject: parsePrincipalId(subject) }),
  };
}

/** Rejects with a `CommandError` where neither the configuration nor the record has this tenant or principal. */
export async function checkSubject(
  { tenant, subject }: Subject,
  { config, wrappedKeys }: Pick<Administration, 'config' | 'wrappedKeys'>,
): Promise<void> {
  const keys = await wrappedKeys.list();
  const tenants = [...config.tenants.map(({ name }) => name), ...keys.map((key) => key.tenant)];
  if (!tenants.includes(tenant)) throw unknown(`tenant \`${tenant}\``, proposal(tenant, tenants));
  if (subject === undefined) return;
  const principals = [
    ...config.tenants.flatMap((one) => (one.name === tenant ? one.principals.map(({ name }) => name) : [])),
    ...keys.flatMap((key) => (key.tenant === tenant ? [key.subject] : [])),
  ];
  if (!principals.includes(subject)) throw unknown(`principal \`${tenant}/${subject}\``, proposal(subject, principals));
}

function unknown(what: string, meant: string): CommandError {
  return new CommandError(2, `there is no ${what} in the configuration or the record${meant}`);
}
