import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Credential, parsePrincipalId, parseTenantId } from '../core/index.ts';
import { createAccessKey, createApiKey } from '../identity/index.ts';
import { type Administration, openAdministration } from '../server/index.ts';
import { type OperatorArguments, toActor, withReasonOptions } from './audit/operator.ts';
import { CommandError } from './command-error.ts';
import { type Terminal, toJson, toTable } from './output.ts';
import { type SetupArguments, toSetupOptions, withSetupOptions } from './setup-options.ts';

interface CreateOptions extends SetupArguments, OperatorArguments {
  readonly tenant: string;
  readonly principal: string;
  readonly kind: 'api-key' | 'sigv4';
  readonly expires?: number;
  readonly json?: boolean;
}

interface RevokeOptions extends SetupArguments, OperatorArguments {
  readonly json?: boolean;
}

const GONE = 'no such credential, or it was revoked before';
const DAY_MS = 86_400_000;
const UNITS: Readonly<Record<string, number>> = { h: DAY_MS / 24, d: DAY_MS };

export function addKeyCommands(program: Command, terminal: Terminal): void {
  const key = program.command('key').description('Create, list and revoke credentials.');

  withReasonOptions(withSetupOptions(key.command('create')))
    .description('Create a credential for a principal. Its secret is shown once and cannot be had again. Recorded.')
    .requiredOption('-t, --tenant <name>', 'the tenant')
    .requiredOption('-p, --principal <name>', 'the principal')
    .addOption(
      new Option('-k, --kind <kind>', 'API key, or access key for SigV4')
        .choices(['api-key', 'sigv4'])
        .default('api-key'),
    )
    .option('-e, --expires <time>', 'life time, as 12h or 90d (default: until revoked)', parseLifetime)
    .option('--json', 'print the credential as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  sallyport key create -t bank -p teller-app --expires 90d\n  sallyport key create -t bank -p batch -k sigv4 --json',
    )
    .action((given: CreateOptions) => create(given, terminal));

  withSetupOptions(key.command('list'))
    .description('List the credentials, without their secrets.')
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExamples:\n  sallyport key list\n  sallyport key list --json')
    .action((given: SetupArguments & { readonly json?: boolean }) => list(given, terminal));

  withReasonOptions(withSetupOptions(key.command('revoke')))
    .description(
      'Revoke a credential. Running gateways refuse it within a second. Recorded. Exits 1 if there is none to revoke.',
    )
    .argument('<id>', 'the id that `key list` shows')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  sallyport key revoke 3k9f2m1x8q7z5w4v')
    .action((id: string, given: RevokeOptions) => revoke(id, given, terminal));
}

async function revoke(id: string, given: RevokeOptions, terminal: Terminal): Promise<void> {
  const actor = toActor(given);
  await using administration = await openAdministration(toSetupOptions(given));
  const { credentials, clock, recordAct } = administration;
  const credential = await credentials.find(id);
  if (credential === undefined || credential.revokedAt !== undefined) throw new CommandError(1, GONE);
  if (!(await credentials.revoke(id, clock.now()))) throw new CommandError(1, GONE);
  const act = { kind: 'administration', act: 'revoke credential', ...actor, details: detailsOf(credential) } as const;
  // Behind it: a record that takes nothing, as where KMS is out of reach, must not keep a credential in wrong hands.
  await recordAct(act).catch((cause: unknown) => {
    throw new CommandError(2, 'revoked, but this could not be recorded', { cause });
  });
  terminal.out(given.json ? toJson({ id, status: 'revoked' }) : 'revoked');
}

async function create(given: CreateOptions, terminal: Terminal): Promise<void> {
  const actor = toActor(given);
  await using administration = await openAdministration({ ...toSetupOptions(given), absent: 'made' });
  const { config, keyRing, clock } = administration;
  const owner = { tenant: parseTenantId(given.tenant), principal: parsePrincipalId(given.principal) };
  const tenant = config.tenants.find(({ name }) => name === given.tenant);
  if (tenant?.principals.some(({ name }) => name === given.principal) !== true) {
    throw new CommandError(2, `the configuration has no principal \`${given.tenant}/${given.principal}\``);
  }
  const life = given.expires === undefined ? {} : { expiresAt: clock.now() + given.expires };
  if (given.kind === 'sigv4') {
    const { credential, accessKeyId, secretAccessKey } = createAccessKey({ ...owner, ...life }, { keyRing, clock });
    await keep(credential, actor, administration);
    terminal.out(
      given.json
        ? toJson({ accessKeyId, secretAccessKey })
        : `access key id:     ${accessKeyId}\nsecret access key: ${secretAccessKey}`,
    );
  } else {
    const { environment } = config;
    const { credential, apiKey } = createApiKey({ ...owner, ...life, environment }, { keyRing, clock });
    await keep(credential, actor, administration);
    terminal.out(given.json ? toJson({ id: credential.id, apiKey }) : apiKey);
  }
  if (!given.json) terminal.error('Keep it now: it is not shown again.');
}

/** Recorded first: nobody gets a credential that the record has not. */
async function keep(
  credential: Credential,
  actor: ReturnType<typeof toActor>,
  { credentials, recordAct }: Administration,
): Promise<void> {
  await recordAct({ kind: 'administration', act: 'create credential', ...actor, details: detailsOf(credential) });
  await credentials.create(credential);
}

function detailsOf({ id, kind, tenant, principal, expiresAt }: Credential) {
  const expires = expiresAt === undefined ? {} : { expires: new Date(expiresAt).toISOString() };
  return { tenant, principal, credential: id, kind, ...expires };
}

async function list(given: SetupArguments & { readonly json?: boolean }, terminal: Terminal): Promise<void> {
  await using administration = await openAdministration(toSetupOptions(given));
  const now = administration.clock.now();
  const rows = (await administration.credentials.list()).map((credential) => toRow(credential, now));
  if (given.json) terminal.out(toJson(rows));
  else {
    const cells = rows.map(({ id, kind, tenant, principal, created, expires, status }) => [
      id,
      kind,
      tenant,
      principal,
      created,
      expires ?? '–',
      status,
    ]);
    terminal.out(toTable(['ID', 'KIND', 'TENANT', 'PRINCIPAL', 'CREATED', 'EXPIRES', 'STATUS'], cells));
  }
}

function toRow({ id, kind, tenant, principal, createdAt, expiresAt, revokedAt }: Credential, now: number) {
  const status =
    revokedAt !== undefined ? 'revoked' : expiresAt !== undefined && expiresAt <= now ? 'expired' : 'valid';
  const iso = (time: number) => new Date(time).toISOString();
  return {
    id,
    kind,
    tenant,
    principal,
    created: iso(createdAt),
    ...(expiresAt === undefined ? {} : { expires: iso(expiresAt) }),
    status,
  };
}

/** Milliseconds of a life time such as `12h` or `90d`. */
function parseLifetime(text: string): number {
  const [, count = '', unit = ''] = /^([1-9][0-9]{0,4})([hd])$/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (factor === undefined) throw new InvalidArgumentError('must be hours or days, as 12h or 90d.');
  return Number(count) * factor;
}
