import { hash } from 'node:crypto';
import {
  CfnAccessPolicy,
  CfnCollection,
  CfnCollectionGroup,
  CfnSecurityPolicy,
} from 'aws-cdk-lib/aws-opensearchserverless';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';

export interface VectorTenant {
  readonly name: string;
  /** Roles that read and write its vectors, by ARN; no patterns: OpenSearch Serverless takes none. */
  readonly principals: readonly string[];
}

export interface TenantVectorsProps {
  /** What names of ours begin with. */
  readonly prefix: string;
  /** What names of parameters begin with: the endpoint of a collection is at `…/vectors/TENANT`. */
  readonly parameters: string;
  /**
   * `role`: each tenant has a collection that its own roles alone get at. `pool`: all have one; nothing of AWS tells tenants
   * apart in it, and the applications have to. Both collection and parameter say so.
   */
  readonly mode: 'role' | 'pool';
  readonly tenants: readonly VectorTenant[];
  /** The key that all are encrypted under, by ARN: collections of a group that share capacity share it. */
  readonly key: string;
  /** The endpoint of OpenSearch Serverless in the network, by id: nothing else reaches a collection. */
  readonly endpoint: string;
  /** OpenSearch Compute Units at most, for indexing and for searching each, of all collections together. */
  readonly maxUnits: number;
}

/** One collection, and who gets at it. */
interface Planned {
  readonly id: string;
  readonly name: string;
  readonly isolation: string;
  readonly principals: readonly string[];
  readonly parameter: string;
}

/** Names of collections, groups and policies: 3 to 32 characters. */
const NAME = /^[a-z][a-z0-9-]{2,31}$/;
const LONGEST_NAME = 32;
/** Of an account and Region, unless raised (OpenSearch Serverless, "Quotas"). */
const MOST_POLICIES = 500;

/**
 * Vector collections in OpenSearch Serverless, in one group that shares capacity, under one key, reached from the network
 * alone. Data access is granted to principals by ARN, and no session tag is looked at, so that only a collection of its own
 * keeps a tenant's vectors from others ("Data access control"; "Collection groups").
 *
 * Throws `RangeError` for a tenant whose name makes none of a collection, and for more than an account takes.
 */
export class TenantVectors extends Construct {
  constructor(scope: Construct, id: string, props: TenantVectorsProps) {
    super(scope, id);
    const { prefix, key, endpoint, maxUnits } = props;
    const planned = plan(props);
    refuseUnfit(planned);
    const group = new CfnCollectionGroup(this, 'Group', {
      name: toCollectionName(prefix, 'group'),
      description: 'Collections that share capacity',
      standbyReplicas: 'ENABLED',
      capacityLimits: { maxIndexingCapacityInOcu: maxUnits, maxSearchCapacityInOcu: maxUnits },
    });
    for (const { id: of, name, isolation, principals, parameter } of planned) {
      const encryption = new CfnSecurityPolicy(this, `Encryption-${of}`, {
        name,
        type: 'encryption',
        policy: JSON.stringify({
          Rules: [{ ResourceType: 'collection', Resource: [`collection/${name}`] }],
          AWSOwnedKey: false,
          KmsARN: key,
        }),
      });
      const network = new CfnSecurityPolicy(this, `Network-${of}`, {
        name,
        type: 'network',
        policy: JSON.stringify([
          {
            Rules: [{ ResourceType: 'collection', Resource: [`collection/${name}`] }],
            AllowFromPublic: false,
            SourceVPCEs: [endpoint],
          },
        ]),
      });
      const access = new CfnAccessPolicy(this, `Access-${of}`, {
        name,
        type: 'data',
        description: isolation,
        policy: JSON.stringify([
          {
            Description: isolation,
            Rules: [
              {
                ResourceType: 'collection',
                Resource: [`collection/${name}`],
                Permission: ['aoss:DescribeCollectionItems'],
              },
              { ResourceType: 'index', Resource: [`index/${name}/*`], Permission: INDEX },
            ],
            Principal: principals,
          },
        ]),
      });
      const collection = new CfnCollection(this, `Collection-${of}`, {
        name,
        type: 'VECTORSEARCH',
        description: isolation,
        collectionGroupName: group.name,
        standbyReplicas: 'ENABLED',
        deletionProtection: 'ENABLED',
        tags: [
          { key: 'sallyport:data-class', value: 'vectors' },
          { key: 'sallyport:isolation', value: props.mode === 'pool' ? 'application' : 'collection' },
        ],
      });
      for (const needed of [group, encryption, network, access]) collection.addResourceDependency(needed);
      new CfnParameter(this, `Parameter-${of}`, {
        name: `${props.parameters}/vectors/${parameter}`,
        type: 'String',
        value: collection.attrCollectionEndpoint,
        description: isolation,
      });
    }
  }
}

/** Writing and searching vectors; nobody deletes an index this way. */
const INDEX = ['aoss:CreateIndex', 'aoss:DescribeIndex', 'aoss:ReadDocument', 'aoss:UpdateIndex', 'aoss:WriteDocument'];

function plan({ prefix, mode, tenants }: TenantVectorsProps): readonly Planned[] {
  if (mode === 'pool') {
    return [
      {
        id: 'pool',
        name: toCollectionName(prefix, 'pool'),
        isolation: 'Vectors of all tenants: nothing of AWS tells them apart here, the application does',
        principals: tenants.flatMap(({ principals }) => principals),
        parameter: 'pool',
      },
    ];
  }
  return tenants.map(({ name, principals }) => ({
    id: name,
    name: toCollectionName(prefix, name),
    isolation: `Vectors of tenant ${name} alone`,
    principals,
    parameter: name,
  }));
}

/** A name of at most 32 characters: a longer one ends in a hash of the whole. */
function toCollectionName(prefix: string, tenant: string): string {
  const name = `${prefix}-v-${tenant}`;
  if (name.length <= LONGEST_NAME) return name;
  return `v-${tenant.slice(0, 19)}-${hash('sha256', name).slice(0, 10)}`;
}

function refuseUnfit(planned: readonly Planned[]): void {
  const unnameable = planned.find(({ name }) => !NAME.test(name));
  if (unnameable !== undefined) {
    throw new RangeError(`${unnameable.name} is no name of a collection: 3 to 32 lower-case letters, digits or \`-\``);
  }
  if (planned.length > MOST_POLICIES) {
    throw new RangeError(`${planned.length} collections, and an account takes ${MOST_POLICIES} policies of access`);
  }
}
