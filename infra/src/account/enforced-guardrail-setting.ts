import {
  type AccountEnforcedGuardrailOutputConfiguration,
  type BedrockClient,
  DeleteEnforcedGuardrailConfigurationCommand,
  ListEnforcedGuardrailsConfigurationCommand,
  PutEnforcedGuardrailConfigurationCommand,
} from '@aws-sdk/client-bedrock';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { createMemory, Refusal, readChoice, readText, type Setting } from '../custom-resources/runtime.ts';

/** In the order that they are gone through. */
const stages = ['grant', 'observe', 'enforce'] as const;

type Stage = (typeof stages)[number];

interface Target {
  /** ARN. */
  readonly guardrail: string;
  /** A number. */
  readonly version: string;
}

interface Wanted {
  readonly memory: string;
  readonly stage: Stage;
  readonly observing: Target;
  readonly enforcing: Target;
}

interface Found {
  /** The furthest stage that the account has been in: a rollback goes back to it without going through the others. */
  readonly reached: Stage | 'none';
}

export interface EnforcedGuardrailClients {
  readonly bedrock: BedrockClient;
  readonly ssm: SSMClient;
}

/**
 * The guardrail that Bedrock applies to every call of the account, whatever the caller asks for.
 *
 * Whoever may not apply it is refused by Bedrock from then on. So it comes in three deployments: `grant` gives callers
 * the permission and enforces nothing, `observe` enforces a version that stops nothing, whose metrics and whose callers'
 * errors show what would happen, `enforce` the real one. A stage cannot be left out on the way there; back is always
 * open. Another guardrail that the account enforces is somebody else's: it is refused, and never touched.
 *
 * Source: Amazon Bedrock User Guide, "Apply cross-account safeguards with Amazon Bedrock Guardrails enforcements".
 */
export function createEnforcedGuardrailSetting({ bedrock, ssm }: EnforcedGuardrailClients): Setting<Wanted, Found> {
  async function readOwned(): Promise<readonly AccountEnforcedGuardrailOutputConfiguration[]> {
    const configurations: AccountEnforcedGuardrailOutputConfiguration[] = [];
    let nextToken: string | undefined;
    do {
      const page = await bedrock.send(new ListEnforcedGuardrailsConfigurationCommand({ nextToken }));
      configurations.push(...(page.guardrailsConfig ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return configurations;
  }

  const isOurs = ({ guardrailArn }: AccountEnforcedGuardrailOutputConfiguration, wanted: Wanted) =>
    guardrailArn === wanted.observing.guardrail || guardrailArn === wanted.enforcing.guardrail;

  return {
    physicalId: 'sallyport-enforced-guardrail',
    parse: (properties) => ({
      memory: readText(properties, 'Memory'),
      stage: readChoice(properties, 'Stage', stages),
      observing: toTarget(readText(properties, 'ObservingGuardrail'), readText(properties, 'ObservingVersion')),
      enforcing: toTarget(readText(properties, 'Guardrail'), readText(properties, 'Version')),
    }),
    memory: ({ memory }) => createMemory(ssm, memory),
    read: async () => ({ reached: 'none' }),
    check: () => undefined,
    async apply(wanted, { reached }) {
      const owned = await readOwned();
      if (owned.some((each) => !isOurs(each, wanted))) {
        throw new Refusal('the account enforces a guardrail of somebody else already: it is left as it is');
      }
      const allowed = (reached === 'none' ? -1 : stages.indexOf(reached)) + 1;
      if (stages.indexOf(wanted.stage) > allowed) {
        throw new Refusal(`\`${wanted.stage}\` comes after \`${stages[allowed]}\`: deploy that first, and look`);
      }
      await enforce(owned, wanted);
      const memory = createMemory<Found>(ssm, wanted.memory);
      if (stages.indexOf(wanted.stage) === allowed) await memory.replace({ reached: wanted.stage });
      return { Stage: wanted.stage };
    },
    async restore(_, wanted) {
      for (const each of await readOwned()) {
        if (isOurs(each, wanted)) await remove(each);
      }
    },
  };

  async function enforce(owned: readonly AccountEnforcedGuardrailOutputConfiguration[], wanted: Wanted): Promise<void> {
    const target =
      wanted.stage === 'grant' ? undefined : wanted.stage === 'observe' ? wanted.observing : wanted.enforcing;
    const [first, ...others] = owned;
    if (target !== undefined) {
      await bedrock.send(
        new PutEnforcedGuardrailConfigurationCommand({
          ...(first?.configId === undefined ? {} : { configId: first.configId }),
          guardrailInferenceConfig: {
            guardrailIdentifier: target.guardrail,
            guardrailVersion: target.version,
            // A caller's tags would say which of its own text is looked at.
            selectiveContentGuarding: { system: 'COMPREHENSIVE', messages: 'COMPREHENSIVE' },
          },
        }),
      );
    }
    for (const each of target === undefined ? owned : others) await remove(each);
  }

  async function remove({ configId }: AccountEnforcedGuardrailOutputConfiguration): Promise<void> {
    if (configId === undefined) return;
    await bedrock.send(new DeleteEnforcedGuardrailConfigurationCommand({ configId }));
  }
}

function toTarget(guardrail: string, version: string): Target {
  if (!/^[1-9][0-9]{0,7}$/.test(version)) throw new Refusal('only a numbered version of a guardrail is enforced');
  return { guardrail, version };
}
