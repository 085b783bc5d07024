import type { Command } from 'commander';
import type { Subject } from '../../audit/index.ts';
import { parsePrincipalId, parseTenantId } from '../../core/index.ts';
import type { SetupArguments } from '../setup-options.ts';
import type { OperatorArguments } from './operator.ts';

/** What commander gives for the options below, beside those that such commands have all. */
export interface SubjectArguments extends SetupArguments, OperatorArguments {
  readonly tenant: string;
  readonly subject?: string;
}

/** Adds whose records something is done to. */
export function withSubjectOptions(command: Command): Command {
  return command
    .requiredOption('-t, --tenant <name>', 'the tenant')
    .option('-s, --subject <principal>', 'this principal of it alone (default: all of the tenant)');
}

/** Throws a `GatewayError` where a name is none. */
export function toSubject({ tenant, subject }: SubjectArguments): Subject {
  return {
    tenant: parseTenantId(tenant),
    ...(subject === undefined ? {} : { subject: parsePrincipalId(subject) }),
  };
}
