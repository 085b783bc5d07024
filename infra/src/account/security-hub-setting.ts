import {
  BatchDisableStandardsCommand,
  BatchEnableStandardsCommand,
  DescribeHubCommand,
  DisableSecurityHubCommand,
  EnableSecurityHubCommand,
  GetEnabledStandardsCommand,
  InvalidAccessException,
  ResourceNotFoundException,
  type SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { createMemory, Refusal, readChoice, readText, readTexts, type Setting } from '../custom-resources/runtime.ts';

interface Wanted {
  readonly mode: 'adopt' | 'create';
  readonly memory: string;
  /** ARNs. */
  readonly standards: readonly string[];
}

interface Found {
  readonly isEnabled: boolean;
  readonly standards: readonly string[];
}

export interface SecurityHubClients {
  readonly securityHub: SecurityHubClient;
  readonly ssm: SSMClient;
}

/**
 * Security Hub CSPM with the standards that are wanted. What was switched on before stays on, whatever happens here.
 *
 * Source: AWS Security Hub User Guide, "Enabling a security standard". Its controls are looked at by AWS Config, which
 * has to be recording.
 */
export function createSecurityHubSetting({ securityHub, ssm }: SecurityHubClients): Setting<Wanted, Found> {
  async function isEnabled(): Promise<boolean> {
    try {
      await securityHub.send(new DescribeHubCommand());
      return true;
    } catch (error) {
      // Said of an account that is not subscribed; who may not ask gets `AccessDeniedException`.
      if (error instanceof InvalidAccessException || error instanceof ResourceNotFoundException) return false;
      throw error;
    }
  }

  async function readSubscriptions(): Promise<ReadonlyMap<string, string>> {
    const subscriptions = new Map<string, string>();
    let NextToken: string | undefined;
    do {
      const page = await securityHub.send(new GetEnabledStandardsCommand({ NextToken }));
      for (const { StandardsArn = '', StandardsSubscriptionArn = '' } of page.StandardsSubscriptions ?? []) {
        subscriptions.set(StandardsArn, StandardsSubscriptionArn);
      }
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return subscriptions;
  }

  return {
    physicalId: 'sallyport-security-hub',
    parse: (properties) => ({
      mode: readChoice(properties, 'Mode', ['adopt', 'create']),
      memory: readText(properties, 'Memory'),
      standards: readTexts(properties, 'Standards'),
    }),
    memory: ({ memory }) => createMemory(ssm, memory),
    async read() {
      if (!(await isEnabled())) return { isEnabled: false, standards: [] };
      return { isEnabled: true, standards: [...(await readSubscriptions()).keys()] };
    },
    check(found, { mode }) {
      if (mode === 'create' && found.isEnabled) {
        throw new Refusal('Security Hub is on here already: take it over with `adopt`, or leave it `off`');
      }
      if (mode === 'adopt' && !found.isEnabled) {
        throw new Refusal('Security Hub is not on here to be adopted: switch it on with `create`');
      }
    },
    async apply({ standards }, found) {
      if (!(await isEnabled())) {
        await securityHub.send(
          new EnableSecurityHubCommand({ EnableDefaultStandards: false, ControlFindingGenerator: 'SECURITY_CONTROL' }),
        );
      }
      const subscribed = await readSubscriptions();
      const missing = standards.filter((arn) => !subscribed.has(arn));
      if (missing.length > 0) {
        await securityHub.send(
          new BatchEnableStandardsCommand({
            StandardsSubscriptionRequests: missing.map((StandardsArn) => ({ StandardsArn })),
          }),
        );
      }
      return { Standards: String(new Set([...found.standards, ...standards]).size) };
    },
    async restore(found, { standards }) {
      if (!(await isEnabled())) return;
      if (!found.isEnabled) {
        await securityHub.send(new DisableSecurityHubCommand());
        return;
      }
      const subscribed = await readSubscriptions();
      const ours = standards.filter((arn) => !found.standards.includes(arn));
      const StandardsSubscriptionArns = ours.flatMap((arn) => subscribed.get(arn) ?? []);
      if (StandardsSubscriptionArns.length === 0) return;
      await securityHub.send(new BatchDisableStandardsCommand({ StandardsSubscriptionArns }));
    },
  };
}
